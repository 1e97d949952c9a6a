package io.github.condensenet4j.layers.arithmetic;

/** Sums and factors of each channel of each image. */
final class ImageRows {

  private final SharedWork work;

  ImageRows(SharedWork work) {
    this.work = work;
  }

  /** Writes the mean over the pixels of each image to {@code means}. */
  void pool(RowMatrix x, RowMatrix means) {
    int pixels = x.tiles().extent().pixels();
    forEachImage(
        x,
        (row, image, tile, from, to) -> {
          float[] values = x.arrays()[row][tile];
          double sum = 0;
          for (int j = from; j < to; j++) {
            sum += values[j];
          }
          put(means, row, image, sum / pixels);
        });
  }

  /** Writes the means of the squares of each image to {@code means}. */
  void poolSquares(RowMatrix x, int size, RowMatrix means) {
    Squares squares = Squares.of(x.tiles().extent(), size);
    forEachImage(
        x,
        (row, image, tile, from, to) ->
            squares.means(
                x.arrays()[row][tile],
                from,
                means.arrays()[row][means.tiles().tileOf(image)],
                means.tiles().columnOf(image)));
  }

  /** Gives each pixel of {@code x} its share of its square's number in {@code terms}. */
  void spreadOverSquares(RowMatrix terms, int size, RowMatrix x) {
    Squares squares = Squares.of(x.tiles().extent(), size);
    forEachImage(
        x,
        (row, image, tile, from, to) ->
            squares.shares(
                terms.arrays()[row][terms.tiles().tileOf(image)],
                terms.tiles().columnOf(image),
                x.arrays()[row][tile],
                from));
  }

  /** Writes {@code Σ over p of x[r, n, p] · y[r, n, p]} to {@code products}. */
  void products(RowMatrix x, RowMatrix y, RowMatrix products) {
    forEachImage(
        x,
        (row, image, tile, from, to) -> {
          float[] a = x.arrays()[row][tile];
          float[] b = y.arrays()[row][tile];
          double sum = 0;
          for (int j = from; j < to; j++) {
            sum += a[j] * b[j];
          }
          put(products, row, image, sum);
        });
  }

  /** {@code y[r, n, p] = x[r, n, p] · factor[r, n]}. */
  void scale(RowMatrix x, RowMatrix factor, RowMatrix y) {
    forEachImage(
        x,
        (row, image, tile, from, to) -> {
          float[] in = x.arrays()[row][tile];
          float[] out = y.arrays()[row][tile];
          float scale = get(factor, row, image);
          for (int j = from; j < to; j++) {
            out[j] = in[j] * scale;
          }
        });
  }

  /** {@code y[r, n, p] = y[r, n, p] + factor · term[r, n]}. */
  void add(RowMatrix term, double factor, RowMatrix y) {
    forEachImage(
        y,
        (row, image, tile, from, to) -> {
          float[] out = y.arrays()[row][tile];
          float added = (float) (get(term, row, image) * factor);
          for (int j = from; j < to; j++) {
            out[j] += added;
          }
        });
  }

  private void forEachImage(RowMatrix x, ImageAction action) {
    Tiles tiles = x.tiles();
    int pixels = tiles.extent().pixels();
    work.forEach(
        x.rows(),
        (row, worker) -> {
          for (int image = 0; image < tiles.extent().images(); image++) {
            int from = tiles.columnOf(image);
            action.run(row, image, tiles.tileOf(image), from, from + pixels);
          }
        });
  }

  /** A channel of an image: columns {@code from} to before {@code to} of a row's tile. */
  private interface ImageAction {
    void run(int row, int image, int tile, int from, int to);
  }

  private static float get(RowMatrix perImage, int row, int image) {
    Tiles tiles = perImage.tiles();
    return perImage.arrays()[row][tiles.tileOf(image)][tiles.columnOf(image)];
  }

  private static void put(RowMatrix perImage, int row, int image, double value) {
    Tiles tiles = perImage.tiles();
    perImage.arrays()[row][tiles.tileOf(image)][tiles.columnOf(image)] = (float) value;
  }
}
