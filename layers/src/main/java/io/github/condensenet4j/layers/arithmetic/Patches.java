package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/**
 * What each weight of a kernel meets: an image shifted, with zeros where the kernel reaches over
 * the border.
 *
 * <p>Output pixel {@code (h, w)} of tap {@code (i, j)} is input pixel {@code ((h · step + i · sign
 * + shift) / spread, …)} where that is a pixel, else zero. A convolution steps over its input, its
 * transpose spreads it.
 */
final class Patches {

  private final int kernel;
  private final int step;
  private final int sign;
  private final int shift;
  private final int spread;
  private final Extent input;
  private final Extent output;

  private Patches(
      int kernel, int step, int sign, int shift, int spread, Extent input, Extent output) {
    this.kernel = kernel;
    this.step = step;
    this.sign = sign;
    this.shift = shift;
    this.spread = spread;
    this.input = input;
    this.output = output;
  }

  /** Returns the patches of {@code shape} on an input of {@code extent}. */
  static Patches of(ConvolutionShape shape, Extent extent) {
    return new Patches(
        shape.kernel(), shape.stride(), 1, -shape.padding(), 1, extent, shape.output(extent));
  }

  /** Returns the patches that lead the gradient of the output of {@code shape} to its input. */
  static Patches transposed(ConvolutionShape shape, Extent extent) {
    return new Patches(
        shape.kernel(), 1, -1, shape.padding(), shape.stride(), shape.output(extent), extent);
  }

  /**
   * Writes the first {@code images} images of {@code source} to {@code target}, shifted for a tap.
   */
  void shift(float[] source, int images, int tap, float[] target) {
    int rowShift = tap / kernel * sign + shift;
    int columnShift = tap % kernel * sign + shift;
    if (step == 1 && spread == 1 && input.equals(output)) {
      shiftWhole(source, images, rowShift, columnShift, target);
      return;
    }
    for (int image = 0; image < images; image++) {
      for (int h = 0; h < output.height(); h++) {
        int to = (image * output.height() + h) * output.width();
        int place = h * step + rowShift;
        if (place < 0 || place % spread != 0 || place / spread >= input.height()) {
          Arrays.fill(target, to, to + output.width(), 0);
        } else {
          int from = (image * input.height() + place / spread) * input.width();
          shiftRow(source, from, columnShift, target, to);
        }
      }
    }
  }

  /** Shifts all images in one go, then clears what came over a border. */
  private void shiftWhole(
      float[] source, int images, int rowShift, int columnShift, float[] target) {
    int height = input.height();
    int width = input.width();
    int length = images * height * width;
    int distance = rowShift * width + columnShift;
    int first = Math.min(length, Math.max(0, -distance));
    int last = Math.max(first, Math.min(length, length - distance));
    System.arraycopy(source, first + distance, target, first, last - first);
    Arrays.fill(target, 0, first, 0);
    Arrays.fill(target, last, length, 0);
    int rows = Math.min(height, Math.abs(rowShift));
    int rowsFrom = rowShift < 0 ? 0 : height - rows;
    int columns = Math.min(width, Math.abs(columnShift));
    int columnsFrom = columnShift < 0 ? 0 : width - columns;
    for (int image = 0; image < images; image++) {
      int start = image * height * width;
      if (rows > 0) {
        Arrays.fill(target, start + rowsFrom * width, start + (rowsFrom + rows) * width, 0);
      }
      for (int c = columnsFrom; c < columnsFrom + columns; c++) {
        for (int j = start + c; j < start + height * width; j += width) {
          target[j] = 0;
        }
      }
    }
  }

  private void shiftRow(float[] source, int from, int columnShift, float[] target, int to) {
    int width = output.width();
    if (step == 1 && spread == 1) {
      int first = Math.min(width, Math.max(0, -columnShift));
      int last = Math.max(first, Math.min(width, input.width() - columnShift));
      Arrays.fill(target, to, to + first, 0);
      System.arraycopy(source, from + first + columnShift, target, to + first, last - first);
      Arrays.fill(target, to + last, to + width, 0);
      return;
    }
    for (int w = 0; w < width; w++) {
      int place = w * step + columnShift;
      boolean inside = place >= 0 && place % spread == 0 && place / spread < input.width();
      target[to + w] = inside ? source[from + place / spread] : 0;
    }
  }
}
