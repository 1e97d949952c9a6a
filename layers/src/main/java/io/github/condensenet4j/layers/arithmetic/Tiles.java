package io.github.condensenet4j.layers.arithmetic;

/**
 * How the columns of a matrix are cut into arrays: whole images, together about {@link #TARGET}
 * pixels.
 *
 * <p>A tile of a few dozen rows stays in the second-level cache between the steps of an operation.
 *
 * @param extent what the columns stand for
 * @param imagesPerTile images of each tile but the last
 */
record Tiles(Extent extent, int imagesPerTile) {

  private static final int TARGET = 1024;

  /** Returns the tiles of {@code extent}. */
  static Tiles of(Extent extent) {
    return new Tiles(extent, Math.max(1, TARGET / extent.pixels()));
  }

  int count() {
    return (extent.images() + imagesPerTile - 1) / imagesPerTile;
  }

  int firstImage(int tile) {
    return tile * imagesPerTile;
  }

  /** Returns the column of the whole row that {@code tile} begins with. */
  int firstColumn(int tile) {
    return firstImage(tile) * extent.pixels();
  }

  int images(int tile) {
    return Math.min(imagesPerTile, extent.images() - firstImage(tile));
  }

  /** Returns the number of columns of {@code tile}. */
  int length(int tile) {
    return images(tile) * extent.pixels();
  }

  /** Returns the tile that {@code image} lies in. */
  int tileOf(int image) {
    return image / imagesPerTile;
  }

  /** Returns the first column of {@code image} in its tile. */
  int columnOf(int image) {
    return image % imagesPerTile * extent.pixels();
  }
}
