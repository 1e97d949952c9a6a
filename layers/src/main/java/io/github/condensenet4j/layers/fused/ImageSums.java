package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.Activation;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.Squares;

/** Sums and factors of each channel of each image. */
final class ImageSums {

  /** Columns that come from memory at once. */
  private static final int FETCHED = 4096;

  private static final int PARTIAL = 3;
  private static final int PIXELS = 4;

  private final TrainingKernels kernels;
  private final Crew crew;

  ImageSums(TrainingKernels kernels, Crew crew) {
    this.kernels = kernels;
    this.crew = crew;
  }

  /** One channel of one image. */
  private interface Plane {
    void run(int row, int image, int column, Crew.Hand hand);
  }

  private void forEachPlane(FeatureMatrix x, Plane action, FeatureMatrix... read) {
    int pixels = x.extent().pixels();
    int images = x.extent().images();
    int fetched = Math.max(1, FETCHED / pixels);
    crew.share(
        x.rows(),
        (from, to, hand) -> {
          for (int row = from; row < to; row++) {
            for (int image = 0; image < images; image++) {
              if (image % fetched == 0) {
                fetch(read, row, image, Math.min(fetched, images - image));
              }
              action.run(row, image, image * pixels, hand);
            }
          }
        });
  }

  private static void fetch(FeatureMatrix[] matrices, int row, int image, int images) {
    for (FeatureMatrix matrix : matrices) {
      FeatureRow channel = matrix.channels()[row];
      int pixels = matrix.extent().pixels();
      CacheLines.fetch(channel.array, channel.at + image * pixels, images * pixels);
    }
  }

  /** Writes the mean over the pixels of each image to {@code means}. */
  void pool(FeatureMatrix x, FeatureMatrix means) {
    int pixels = x.extent().pixels();
    forEachPlane(
        x,
        (row, image, column, hand) -> {
          FeatureRow source = x.channels()[row];
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          kernels.shiftedSums(source.array, source.at + column, pixels, partial);
          double mean =
              source.array[source.at + column] + TrainingKernels.total(partial, 0) / pixels;
          put(means, row, image, mean);
        },
        x);
  }

  /** Writes the means of the squares of each image to {@code means}. */
  void poolSquares(FeatureMatrix x, int size, FeatureMatrix means) {
    Squares squares = Squares.of(x.extent(), size);
    forEachPlane(
        x,
        (row, image, column, hand) -> {
          FeatureRow source = x.channels()[row];
          FeatureRow target = means.channels()[row];
          int from = source.at + column;
          int to = target.at + image * squares.count();
          if (size == 2) {
            kernels.poolPairs(
                source.array, from, squares.width(), squares.height(), target.array, to);
          } else {
            squares.means(source.array, from, target.array, to);
          }
        },
        x);
    RowOperations.replaced(means);
  }

  /** Gives each pixel of {@code x} its share of its square's number in {@code terms}. */
  void spreadOverSquares(FeatureMatrix terms, int size, FeatureMatrix x) {
    Squares squares = Squares.of(x.extent(), size);
    forEachPlane(
        x,
        (row, image, column, hand) -> {
          FeatureRow source = terms.channels()[row];
          FeatureRow target = x.channels()[row];
          int from = source.at + image * squares.count();
          int to = target.at + column;
          if (size == 2) {
            kernels.spreadPairs(
                source.array, from, target.array, to, squares.width(), squares.height());
          } else {
            squares.shares(source.array, from, target.array, to);
          }
        },
        terms);
    RowOperations.replaced(x);
  }

  /** Writes {@code Σ over p of x[r, n, p] · y[r, n, p]} to {@code products}. */
  void products(FeatureMatrix x, FeatureMatrix y, FeatureMatrix products) {
    int pixels = x.extent().pixels();
    forEachPlane(
        x,
        (row, image, column, hand) -> {
          FeatureRow a = x.channels()[row];
          FeatureRow b = y.channels()[row];
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          float[] ignored = hand.buffer(PIXELS, pixels);
          kernels.activateBackward(
              Activation.IDENTITY,
              0,
              1,
              0,
              a.array,
              a.at + column,
              b.array,
              b.at + column,
              kernels.panel(),
              1,
              false,
              ignored,
              0,
              pixels,
              partial,
              0);
          put(products, row, image, TrainingKernels.total(partial, 1));
        },
        x,
        y);
  }

  /** {@code y[r, n, p] = x[r, n, p] · factor[r, n]}. */
  void scale(FeatureMatrix x, FeatureMatrix factor, FeatureMatrix y) {
    int pixels = x.extent().pixels();
    forEachPlane(
        x,
        (row, image, column, hand) ->
            scale(x.channels()[row], get(factor, row, image), y.channels()[row], column, pixels),
        x);
    RowOperations.replaced(y);
  }

  private static void scale(FeatureRow x, float factor, FeatureRow y, int column, int pixels) {
    float[] in = x.array;
    float[] out = y.array;
    int inAt = x.at + column;
    int outAt = y.at + column;
    for (int i = 0; i < pixels; i++) {
      out[outAt + i] = in[inAt + i] * factor;
    }
  }

  /** {@code y[r, n, p] = y[r, n, p] + factor · term[r, n]}. */
  void add(FeatureMatrix term, double factor, FeatureMatrix y) {
    int pixels = y.extent().pixels();
    forEachPlane(
        y,
        (row, image, column, hand) -> {
          FeatureRow target = y.channels()[row];
          addTo(target.array, target.at + column, (float) (get(term, row, image) * factor), pixels);
        },
        y);
    RowOperations.changed(y);
  }

  private static void addTo(float[] array, int at, float added, int pixels) {
    for (int i = at; i < at + pixels; i++) {
      array[i] += added;
    }
  }

  private static float get(FeatureMatrix perImage, int row, int image) {
    FeatureRow source = perImage.channels()[row];
    return source.array[source.at + image];
  }

  private static void put(FeatureMatrix perImage, int row, int image, double value) {
    FeatureRow target = perImage.channels()[row];
    target.array[target.at + image] = (float) value;
  }
}
