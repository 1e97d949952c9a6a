package io.github.condensenet4j.kernels.training;

/**
 * What a step of training computes, on rows of floats.
 *
 * <p>A <em>row</em> is a stretch of a {@code float[]}: one channel of all images of a batch, {@code
 * [N · H · W]}. For products, rows are packed into <em>panels</em> of {@link #panel} columns, all
 * rows of a panel after each other: column {@code i} of a packed row that starts at {@code at} lies
 * at {@code at + (i / panel) · step + i % panel}, where {@code step} is the distance between two
 * panels. A row that is not packed has a step of one panel.
 *
 * <p>{@code z(x) = (x − mean) · scale + bias} is a normalised value and {@code f} its {@link
 * Activation}. The mean is subtracted first: where it is large against the spread, {@code scale ·
 * x} and {@code scale · mean} would cancel.
 *
 * <p><em>Partial sums</em> are {@link #PARTIAL} floats for each sum; what they add up to is the
 * sum. They are written, not added to, unless it is said.
 *
 * <p>Implementations give the same results to rounding, and each of them the same bits for the same
 * numbers. They allocate nothing, keep no state and may be called from many threads, as long as no
 * two write the same floats.
 */
public interface TrainingKernels {

  /** Floats of a partial sum. */
  int PARTIAL = 16;

  /** Products of a call of {@link #dots}: so many sums fit into registers. */
  int DOTS = 16;

  /** Floats of scratch that {@link #dots} needs. */
  int DOT_SCRATCH = DOTS * PARTIAL;

  /** Floats of scratch that {@link #addProducts} and {@link #multiplyBlock} need. */
  int BLOCK_SCRATCH = DOT_SCRATCH + DOTS;

  /** Returns what this is in a few words, {@code 512-bit SIMD}. */
  String description();

  /** Returns the columns of a panel, a power of two. */
  int panel();

  /** Returns the rows of a slab, see {@link #packSlabs}. */
  default int slab() {
    return panel() / 2;
  }

  /**
   * Packs a normalised and activated row: {@code y[i] = f(z(x[i]))}, and 0 from {@code columns} to
   * the end of the last panel.
   *
   * @param step distance between two panels of {@code y}
   */
  void pack(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step);

  /**
   * Packs some rows as {@link #pack} does.
   *
   * @param mean of each row, by number; so are {@code scale} and {@code bias}
   * @param rows arrays that hold the rows, by number
   * @param rowsAt where the rows begin in them
   * @param numbers numbers of the rows
   * @param first the first column that is packed
   * @param yAt where the packed rows begin, in the order of {@code numbers}
   */
  void packRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int first,
      int columns,
      float[] y,
      int[] yAt,
      int step);

  /**
   * Normalises and activates one channel of an image, as {@link #pack} does, {@code y[r · pitch +
   * c] = f(z(x[r · width + c]))}, and 0 behind each row of pixels to where the next one begins.
   *
   * @param pitch distance between two rows of pixels of {@code y}, at least {@code width}
   * @param y may be overwritten with zeros for a quarter of a panel behind the last row of pixels
   */
  void packImage(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int width,
      int height,
      float[] y,
      int yAt,
      int pitch);

  /**
   * Normalises and activates some images of some channels as {@link #packImage} does.
   *
   * @param mean of each channel, by number; so are {@code scale} and {@code bias}
   * @param rows arrays that hold the channels, by number
   * @param rowsAt where the channels begin in them
   * @param numbers numbers of the channels
   * @param first the first column of the first image; the others follow
   * @param images how many images
   * @param yAt where what is made of the channels begins, in the order of {@code numbers}
   * @param yFirst what is added to that for the first image
   * @param plane distance between two images of {@code y}, at least {@code height · pitch}
   */
  void packImages(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int first,
      int width,
      int height,
      int images,
      float[] y,
      int[] yAt,
      int yFirst,
      int pitch,
      int plane);

  /**
   * Takes images out of a frame, {@code y[(n · height + r) · width + c] = x[n · plane + r · pitch +
   * c]}.
   *
   * @param pitch distance between two rows of pixels of {@code x}, at least {@code width}
   * @param plane distance between two images of {@code x}, at least {@code (height + 1) · pitch}
   * @param y may be {@code x} if both begin at the same place
   */
  void unframe(
      float[] x,
      int xAt,
      int width,
      int height,
      int images,
      int pitch,
      int plane,
      float[] y,
      int yAt);

  /**
   * Means of the squares of two by two pixels of an image, {@code height / 2 · (width / 2)}
   * numbers; a last row or column that is left over does not count.
   */
  void poolPairs(float[] x, int xAt, int width, int height, float[] y, int yAt);

  /**
   * Gives each pixel of {@code x} a quarter of the number in {@code y} of its square of two by two,
   * and 0 to a last row or column that is left over.
   */
  void spreadPairs(float[] y, int yAt, float[] x, int xAt, int width, int height);

  /**
   * Takes pairs of numbers apart, {@code y[evenAt + i] = x[xAt + 2 · i]} and {@code y[oddAt + i] =
   * x[xAt + 2 · i + 1]}.
   */
  void splitPairs(float[] x, int xAt, int pairs, float[] y, int evenAt, int oddAt);

  /** Sums of images that follow each other, {@code y[n] = Σ_p x[n · pixels + p]}. */
  void imageSums(float[] x, int xAt, int pixels, int images, float[] y, int yAt);

  /** Sums of products, {@code y[n] = Σ_p x[n · pixels + p] · z[n · pixels + p]}. */
  void imageProducts(
      float[] x, int xAt, float[] z, int zAt, int pixels, int images, float[] y, int yAt);

  /**
   * Scales images that follow each other, {@code y[n · pixels + p] = x[n · pixels + p] · factors[n]
   * + terms[n]}.
   *
   * @param terms or null, if nothing is added
   * @param y may be {@code x} if both begin at the same place
   */
  void scaleImages(
      float[] x,
      int xAt,
      float[] factors,
      int factorsAt,
      float[] terms,
      int termsAt,
      int pixels,
      int images,
      float[] y,
      int yAt);

  /**
   * Multiplies one panel: {@code y[m][i] = Σ_k w[m][k] · x[k][i]} over the inputs {@code k} that
   * output {@code m} is connected with, for each column {@code i} of the panel.
   *
   * @param weights what {@link BlockProduct#gather} has written
   */
  void multiply(
      BlockProduct product, float[] weights, int weightsAt, float[] x, int xAt, float[] y, int yAt);

  /**
   * Adds a block of a product to rows, {@code y[m][i] = y[m][i] + Σ_k w[m][k] · x[k][i]}. Each row
   * of {@code x} lies in one piece, and so does each output, where the addresses of the product's
   * outputs are numbers of rows.
   *
   * @param block number of the block
   * @param weights what {@link BlockProduct#gather} has written
   * @param rows arrays that hold the outputs, by number
   * @param rowsAt where the outputs begin in them
   * @param from the first column of the outputs that is added to; that of {@code x} is its first
   */
  void addBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns);

  /**
   * The gradients of a block that {@link #addBlock} adds: {@code dx[k][i] = dx[k][i] + Σ_m w[m][k]
   * · dz[m][i]} and {@code dw[m][k] = dw[m][k] + Σ_i dz[m][i] · x[k][i]}, where {@code dz} is
   * {@code dy} and the term of {@code owed}. With {@code sums}, what the block has added to them is
   * taken off again, {@code sums[m][i] = sums[m][i] − Σ_k w[m][k] · x[k][i]}, after {@code owed}
   * has been reckoned, and {@code dz} is written to where {@code dy} is. All in one pass over each
   * row.
   *
   * @param x its rows lie where the product's inputs say
   * @param dy arrays that hold its rows, by number; so do {@code sums}
   * @param dyAt where its rows begin in them
   * @param sums what the product has been added to, or null if nothing is taken off
   * @param sumsAt where the rows of {@code sums} begin
   * @param from the first column of {@code dy}, {@code owed} and {@code sums} that counts; those of
   *     {@code x} and {@code dx} are their first
   * @param dx as {@code x}, which it must not be
   * @param dWeights as {@link BlockProduct#gather} writes weights, from its first float on
   * @param scratch at least {@link #DOT_SCRATCH} floats, used by nobody else meanwhile
   */
  void addBlockBackward(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      CentredRows owed,
      float[][] dy,
      int[] dyAt,
      float[][] sums,
      int[] sumsAt,
      int from,
      int columns,
      float[] dx,
      float[] dWeights,
      float[] scratch);

  /**
   * Adds the products of a block's inputs with some rows, {@code dw[m][k] = dw[m][k] + Σ_i z[m][i]
   * · x[k][i]}: where {@code z} are gradients of the outputs, those of the weights. Each row lies
   * in one piece; those of {@code x} lie where the product's inputs say.
   *
   * @param rowsAt where each row of {@code z} begins, from {@code rowsFrom} on
   * @param columns whole panels; columns that do not count must be 0 in {@code z} or in {@code x}
   *     and finite in the other
   * @param dWeights as {@link BlockProduct#gather} writes weights, from its first float on
   * @param scratch at least {@link #BLOCK_SCRATCH} floats, used by nobody else meanwhile
   */
  void addProducts(
      BlockProduct product,
      int block,
      float[] x,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights,
      float[] scratch);

  /**
   * Packs rows into <em>slabs</em> of {@link #slab} rows, column by column: row {@code k}, which
   * begins at {@code xAt + k · pitch}, is row {@code l = k % slab} of the slab that begins in
   * {@code slabs} where row {@code k − l} does in {@code x}, and its column {@code i} lies {@code i
   * · slab + l} behind that.
   *
   * @param rows whole slabs
   * @param columns whole panels, {@code pitch} at most
   */
  void packSlabs(float[] x, int xAt, int pitch, int rows, int columns, float[] slabs);

  /**
   * Adds the products of a block's inputs with some rows as {@link #addProducts} does, where the
   * inputs are slabs: sums need no lanes added up, so that they cost the same however few columns
   * they have.
   *
   * @param slabs what {@link #packSlabs} has packed; a block's inputs must be all rows of some
   *     slabs, in order
   * @param dWeights as {@link BlockProduct#gather} writes weights, but of each block {@code [depth
   *     / slab][rows][slab]}, the order in which they are made
   */
  void addSlabProducts(
      BlockProduct product,
      int block,
      float[] slabs,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights);

  /**
   * Multiplies a block of a product, {@code y[m][i] = Σ_k w[m][k] · x[k][i]}. Each row lies in one
   * piece; those of {@code x} lie where the product's inputs say.
   *
   * @param weights what {@link BlockProduct#gather} has written
   * @param rowsAt where each row of {@code y} begins
   * @param columns whole panels
   */
  void multiplyRows(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      float[] y,
      int[] rowsAt,
      int columns);

  /**
   * A block of a product, {@code y[m][i] = Σ_k w[m][k] · x[k][i]}, and products of the same inputs
   * with other rows, {@code dw[m][k] = dw[m][k] + Σ_i z[m][i] · x[k][i]}: where {@code x} are
   * gradients of outputs, those of some inputs and of their weights. Each row lies in one piece;
   * those of {@code x} lie where the product's inputs say.
   *
   * @param rowsAt where each row of {@code z} begins, and that of {@code y}
   * @param columns whole panels; columns that do not count must be 0 in {@code z} or in {@code x}
   *     and finite in the other
   * @param dWeights as {@code weights}, from its first float on
   * @param scratch at least {@link #BLOCK_SCRATCH} floats, used by nobody else meanwhile
   */
  void multiplyBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      float[] z,
      float[] y,
      int[] rowsAt,
      int columns,
      float[] dWeights,
      float[] scratch);

  /**
   * Adds the products of {@code 16 / few} rows with {@code few} rows, {@code sums[few · a + b] +=
   * Σ_i p[a][i] · q[b][i]}: the gradients of the weights between them. Each row lies in one piece.
   *
   * @param pRows where the rows of {@code p} start, from {@code pFrom} on
   * @param few rows of {@code q}: 4, 2 or 1
   * @param columns whole panels; columns that do not count must be 0 in one of the operands and
   *     finite in the other
   * @param scratch at least {@link #DOT_SCRATCH} floats, used by nobody else meanwhile
   */
  void dots(
      float[] p,
      int[] pRows,
      int pFrom,
      float[] q,
      int[] qRows,
      int qFrom,
      int few,
      int columns,
      float[] sums,
      int sumsAt,
      float[] scratch);

  /**
   * Takes a row out of panels, {@code y[i] = t[i] + base[i]}, and adds the sums that its mean and
   * variance follow from: {@code Σ (y[i] − pivot)} and {@code Σ (y[i] − pivot)²}.
   *
   * @param step distance between two panels of {@code t}
   * @param base what is added, or null for nothing; may be {@code y} itself
   * @param pivot a number among those of the row, the same for all columns that are summed up
   *     together
   * @param partial two partial sums from {@code partialAt} on, which are added to
   */
  void unpack(
      float[] t,
      int tAt,
      int step,
      float[] base,
      int baseAt,
      float[] y,
      int yAt,
      int columns,
      float pivot,
      float[] partial,
      int partialAt);

  /**
   * Sums of a row as it stands, {@code Σ (x[i] − x[0])} and {@code Σ (x[i] − x[0])²}.
   *
   * @param partial two partial sums
   */
  void shiftedSums(float[] x, int xAt, int columns, float[] partial);

  /**
   * The gradient before the activation, {@code dz[i] = da[i] · f'(z(x[i]))}, of which {@code dx[i]
   * = (adds ? dx[i] : 0) + factor · dz[i]} is written, and what the gradients of normalisation need
   * of it: {@code Σ dz[i]} and {@code Σ dz[i] · (x[i] − mean)}.
   *
   * @param da gradient after the activation, packed
   * @param step distance between two panels of {@code da}
   * @param dx where nothing is added, may be {@code da} if both begin at the same place, or {@code
   *     x}
   * @param partial two partial sums from {@code partialAt} on
   */
  void activateBackward(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      boolean adds,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt);

  /**
   * Does what {@link #activateBackward} does for some rows.
   *
   * @param mean of each row, by number; so are {@code scale}, {@code bias} and {@code factor}
   * @param x arrays that hold the inputs, by number; so does {@code dx} their gradients
   * @param xAt where they begin in them; so does {@code dxAt}
   * @param numbers numbers of the rows
   * @param first the first column of {@code x} and {@code dx}
   * @param daAt where the packed gradients begin, in the order of {@code numbers}
   * @param partial two partial sums for each row, in the order of {@code numbers}
   */
  void activateBackwardRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] x,
      int[] xAt,
      int[] numbers,
      int first,
      float[] da,
      int[] daAt,
      int step,
      float[] factor,
      boolean adds,
      float[][] dx,
      int[] dxAt,
      int columns,
      float[] partial);

  /**
   * Adds the terms of some rows, {@code y[i] = dx[i] + b · (x[i] − mean) + c}.
   *
   * @param dx arrays that hold the rows, by number; so do {@code y}, which may be the same
   * @param dxAt where the rows begin in them; so do {@code yAt}
   * @param numbers numbers of the rows
   * @param first the first column of the terms and of {@code dx} that counts
   * @param keeps whether {@code dx} gets the sum too
   * @param yFirst the first column of {@code y} that is written
   */
  void addCentred(
      CentredRows terms,
      float[][] dx,
      int[] dxAt,
      int[] numbers,
      int first,
      int columns,
      boolean keeps,
      float[][] y,
      int[] yAt,
      int yFirst);

  /** Adds up partial sum number {@code which}, always in the same order. */
  static double total(float[] partial, int which) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int i = which * PARTIAL; i < (which + 1) * PARTIAL; i += 4) {
      sum0 += partial[i];
      sum1 += partial[i + 1];
      sum2 += partial[i + 2];
      sum3 += partial[i + 3];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
