package io.github.condensenet4j.layers.arithmetic;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Copies numbers between ND4J's arrays and rows of arrays. */
final class ArrayTransfer {

  private ArrayTransfer() {}

  /** Copies {@code images}, {@code [N, C, H, W]} or {@code [N, C]}, to {@code features}. */
  static void load(INDArray images, RowMatrix features, SharedWork work) {
    INDArray inOrder = contiguous(images);
    try {
      FloatPointer source = pointer(inOrder);
      forEachImageRow(
          features,
          work,
          (array, column, offset, n) -> source.getPointer(offset).get(array, column, n));
    } finally {
      Reference.reachabilityFence(inOrder);
    }
  }

  /** Copies {@code features} to {@code images}. */
  static void store(RowMatrix features, INDArray images, SharedWork work) {
    INDArray inOrder = contiguous(images);
    FloatPointer target = pointer(inOrder);
    forEachImageRow(
        features,
        work,
        (array, column, offset, n) -> target.getPointer(offset).put(array, column, n));
    if (inOrder != images) {
      images.assign(inOrder);
    }
  }

  /** Visits each channel of each image where it lies here and in {@code [N, C, H, W]}. */
  private static void forEachImageRow(RowMatrix matrix, SharedWork work, ImageRow action) {
    Tiles tiles = matrix.tiles();
    int pixels = tiles.extent().pixels();
    work.forEach(
        tiles.extent().images(),
        (image, worker) -> {
          for (int row = 0; row < matrix.rows(); row++) {
            float[] array = matrix.arrays()[row][tiles.tileOf(image)];
            long offset = ((long) image * matrix.rows() + row) * pixels;
            action.run(array, tiles.columnOf(image), offset, pixels);
          }
        });
  }

  /** A channel of an image: where it lies here, and from where on in {@code [N, C, H, W]}. */
  private interface ImageRow {
    void run(float[] array, int column, long offset, int length);
  }

  /** Copies a parameter to rows that have one array each. */
  static void loadParameter(INDArray parameter, RowMatrix rows) {
    INDArray inOrder = contiguous(parameter);
    try {
      FloatPointer source = pointer(inOrder);
      int columns = rows.columns();
      for (int r = 0; r < rows.rows(); r++) {
        source.getPointer((long) r * columns).get(rows.arrays()[r][0], 0, columns);
      }
    } finally {
      Reference.reachabilityFence(inOrder);
    }
  }

  /** Copies rows that have one array each to a parameter, or its gradient. */
  static void storeParameter(RowMatrix rows, INDArray parameter) {
    INDArray inOrder = contiguous(parameter);
    FloatPointer target = pointer(inOrder);
    int columns = rows.columns();
    for (int r = 0; r < rows.rows(); r++) {
      target.getPointer((long) r * columns).put(rows.arrays()[r][0], 0, columns);
    }
    if (inOrder != parameter) {
      parameter.assign(inOrder);
    }
  }

  private static INDArray contiguous(INDArray array) {
    return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array)
        ? array
        : array.dup('c');
  }

  /** Returns where the numbers lie; {@code array} must be kept as long as they are used. */
  private static FloatPointer pointer(INDArray array) {
    return new FloatPointer(array.data().addressPointer());
  }
}
