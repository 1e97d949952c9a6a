package io.github.condensenet4j.layers.arithmetic;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The operations that the units are made of, on one kind of memory.
 *
 * <p>{@code x[r]} is row {@code r} of a matrix, {@code P} its number of columns. Matrices of one
 * arithmetic never meet those of another. Not safe for use by several threads at once.
 */
public interface Arithmetic {

  /**
   * Begins a forward or backward pass. Matrices of the forward pass that saves for a backward pass
   * live until the next forward pass begins.
   *
   * @param workspaces where results for Deeplearning4j are made
   * @param backward whether this is the backward pass of the forward pass before
   * @param saving whether a backward pass follows
   */
  void begin(LayerWorkspaceMgr workspaces, boolean backward, boolean saving);

  /** Ends a backward pass: no matrix of it or of the forward pass before is used any more. */
  void end();

  /** Returns the place up to which memory is taken, for {@link #release}. */
  int mark();

  /** Gives the matrices back that were allocated since {@code mark}. */
  void release(int mark);

  /**
   * Gives the matrices back that were allocated from mark {@code from} to mark {@code to}, while
   * later ones stay.
   */
  void giveBack(int from, int to);

  /**
   * Tells whether matrices have memory of their own, which they keep until they are released,
   * wherever Deeplearning4j is.
   */
  boolean ownsMemory();

  /** {@code y = 0}. */
  void clear(Matrix y);

  /** Returns a matrix with undefined content for features. */
  Matrix allocate(int rows, Extent extent);

  /** Copies {@code images}, {@code [N, C, H, W]} or {@code [N, C]}, to {@code features}. */
  void load(INDArray images, Extent extent, Matrix features);

  /**
   * Copies {@code features} to {@code images}, the inverse of {@link #load(INDArray, Extent,
   * Matrix)}.
   */
  void store(Matrix features, Extent extent, INDArray images);

  /** Returns a parameter as rows {@code [shape[0], product of the others]}; not to be written. */
  Matrix parameter(INDArray parameter);

  /** Returns {@code weight · mask}, number by number, for parameters. */
  Matrix masked(INDArray weight, INDArray mask);

  /** Returns zeros in the shape of a parameter, to be a gradient. */
  Matrix gradient(INDArray parameter);

  /**
   * Copies a gradient to where Deeplearning4j expects it, with 0 where {@code mask} is 0.
   *
   * @param mask of the weight that the gradient belongs to, or null if it has none
   */
  void storeGradient(Matrix gradient, INDArray mask, INDArray target);

  /** Returns the numbers of a parameter, a vector. */
  default double[] numbers(INDArray parameter) {
    return parameter.toDoubleVector();
  }

  /** Copies {@code numbers} to a parameter or its gradient, a vector. */
  default void storeNumbers(double[] numbers, INDArray target) {
    assign(numbers, target);
  }

  /** Copies {@code numbers} to an array of ND4J of as many numbers. */
  static void assign(double[] numbers, INDArray target) {
    target.assign(Nd4j.createFromArray(numbers).castTo(target.dataType()).reshape(target.shape()));
  }

  /** {@code target = 0}, for parameters and their gradients. */
  default void clear(INDArray target) {
    target.assign(0);
  }

  /** {@code y = x}. */
  void copy(Matrix x, Matrix y);

  /** {@code y = y + factor · x}. */
  void add(Matrix x, float factor, Matrix y);

  /** Returns rows {@code x[rows[i]]}, which may share memory with {@code x}. */
  Matrix select(Matrix x, Extent extent, int[] rows);

  /** {@code y[rows[i]] = y[rows[i]] + factor · x[i]}, in the order of {@code i}. */
  void addSelected(Matrix x, int[] rows, float factor, Matrix y);

  /** Returns mean and biased variance of each row, computed in two passes. */
  Moments moments(Matrix x);

  /** {@code y = d · f((x − mean) · scale + bias)}. */
  void transform(Matrix x, Transform transform, Matrix y);

  /**
   * {@code dz = dy · d · f'(z)}, the gradient before the non-linearity, goes to {@code target},
   * which may be {@code dy} unless it accumulates.
   *
   * @return the sums {@code Σ dz[r]} and {@code Σ dz[r] · (x[r] − mean[r])} of each row; undefined
   *     where the target has no factors, because nothing was normalised
   */
  double[][] transformBackward(Matrix x, Transform transform, Matrix dy, GradientTarget target);

  /**
   * {@code dx[r] = dx[r] + b[r] · (x[r] − mean[r]) + c[r]}.
   *
   * @param dx may be {@code x} where {@link #remakesOutput} allows it: {@code x} is then what the
   *     matrix was before the gradient took its place
   */
  void addCentred(Matrix x, double[] mean, double[] b, double[] c, Matrix dx);

  /**
   * Completes a gradient before features change that it comes from: an arithmetic may put off what
   * {@link #addCentred} adds until somebody reads it.
   */
  default void settle(Matrix gradient) {}

  /**
   * {@code y = base + weight ∗ transform(x)}.
   *
   * @param shape sizes of the convolution
   * @param extent extent of {@code x}
   * @param transform applied to {@code x} first, or null for nothing
   * @param weight {@code [outChannels, inChannels / groups · kernel²]}
   * @param base what is added, or null for nothing; may be {@code y} itself
   */
  void convolve(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix base,
      Matrix y);

  /**
   * The gradients of {@link #convolve}: {@code dWeight = dWeight + dy ∗ transform(x)}, and {@code
   * dz}, the gradient after normalisation and before the non-linearity (or for {@code x}, without
   * transform), which goes to {@code target}. What the convolution has added to {@code sum} is
   * taken off it, {@code sum = sum − weight ∗ transform(x)}.
   *
   * @param target may be null where there is no transform, if nobody needs {@code dz}
   * @param sum what {@code dy} is the gradient for, or null if nothing is taken off
   * @return the sums of {@code dz} as {@link #transformBackward} gives them; undefined without
   *     target
   */
  double[][] convolveBackward(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix dy,
      Matrix dWeight,
      GradientTarget target,
      Matrix sum);

  /**
   * Tells whether the gradient for what {@link #convolve} has made, without a base, may take its
   * place. {@link #convolveBackward} makes it again then, where it is needed to complete that
   * gradient; nothing else may read the gradient.
   */
  default boolean remakesOutput(ConvolutionShape shape, Matrix weight) {
    return false;
  }

  /** {@code sum = sum − weight ∗ transform(x)}, the inverse of adding it, to rounding. */
  default void takeOff(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix sum) {
    int mark = mark();
    Matrix added = allocate(sum.rows(), shape.output(extent));
    convolve(shape, extent, x, transform, weight, null, added);
    add(added, -1, sum);
    release(mark);
  }

  /** Returns the mean over the pixels of each image, {@code [rows, images]}. */
  Matrix pool(Matrix x, Extent extent);

  /** Writes the means of the {@link Squares} of each image of {@code x} to {@code y}. */
  void poolSquares(Matrix x, Extent extent, int size, Matrix y);

  /**
   * The gradient of {@link #poolSquares}: each pixel of {@code dx}, of {@code extent}, becomes its
   * share of its square's number in {@code dy}, or 0 where it belongs to none.
   */
  void spreadOverSquares(Matrix dy, Extent extent, int size, Matrix dx);

  /** {@code y[r, n, p] = y[r, n, p] + factor · term[r, n]}. */
  void addToImages(Matrix term, double factor, Extent extent, Matrix y);

  /**
   * Squeeze-and-excitation, {@code y[r, n, p] = x[r, n, p] · g[r, n]} with {@code g = sigmoid(up ·
   * relu(down · pool(x)))}.
   *
   * @param down {@code [hidden, rows]}
   * @param up {@code [rows, hidden]}
   * @param y other memory than {@code x}
   * @return what the gradients follow from, until the memory that is taken meanwhile is released
   */
  Excitation excite(Matrix x, Extent extent, Matrix down, Matrix up, Matrix y);
}
