package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.Extent;
import java.util.Arrays;

/**
 * Some images of a row side by side in a frame of zeros, so that a window's shift is a shift of
 * addresses.
 *
 * <p>Rows of pixels are {@code reach} zeros apart, images {@code reach} rows of zeros: what leaves
 * a row of pixels on one side enters the zeros before the next one.
 */
final class Strips {

  private final Extent extent;
  private final int images;
  private final int reach;
  private final int pitch;
  private final int plane;
  private final int lead;
  private final int panel;

  /** Plans strips of about {@code target} columns, at least one for each of {@code parts}. */
  Strips(Extent extent, int reach, int panel, int target, int parts) {
    this.extent = extent;
    this.reach = reach;
    this.panel = panel;
    pitch = extent.width() + reach;
    plane = (extent.height() + reach) * pitch;
    int fitting = Math.max(1, target / plane);
    int rounds = (extent.images() + fitting * parts - 1) / (fitting * parts);
    images = (extent.images() + rounds * parts - 1) / (rounds * parts);
    // Rounded up, so that each framed row begins a line of the cache with its first pixel.
    lead = CacheLines.whole(reach * pitch + reach);
  }

  int count() {
    return (extent.images() + images - 1) / images;
  }

  int firstImage(int strip) {
    return strip * images;
  }

  int images(int strip) {
    return Math.min(images, extent.images() - firstImage(strip));
  }

  /** Returns the first column of a strip in a row of features. */
  int firstColumn(int strip) {
    return firstImage(strip) * extent.pixels();
  }

  /** Returns the columns of a strip in a row of features. */
  int columns(int strip) {
    return images(strip) * extent.pixels();
  }

  /** Returns the greatest number of columns of a strip. */
  int mostColumns() {
    return images * extent.pixels();
  }

  /** Returns the panels that cover a strip's pixels with the zeros between them. */
  int panels() {
    return (images * plane + panel - 1) / panel;
  }

  /** Returns the floats of a framed row. */
  int framedLength() {
    return panels() * panel + 2 * lead + panel / 4;
  }

  /** Returns where the first pixel lies in a framed row. */
  int lead() {
    return lead;
  }

  /** Returns what a window's tap {@code (row, column)} adds to an address. */
  int shift(int row, int column) {
    return (row - reach) * pitch + column - reach;
  }

  /** Framed rows, whose zeros stay what they are while other images take the place of the first. */
  static final class Frame {

    private final float[] floats;
    private final int[] rowsAt;
    private int images;

    /** Creates frames in {@code floats}, with any content, that begin where {@code rowsAt} says. */
    Frame(float[] floats, int[] rowsAt) {
      this.floats = floats;
      this.rowsAt = rowsAt;
    }

    float[] floats() {
      return floats;
    }
  }

  /**
   * Copies the pixels of some images of some channels into frames of zeros, each going through
   * {@code f((pixel − mean) · scale + bias)}.
   *
   * @param numbers the channels, as kernels know them in {@code norms} and {@code rows}
   * @param first the first image's first column
   * @param count number of images
   */
  void frame(
      TrainingKernels kernels,
      RowNorms norms,
      RowArrays rows,
      int[] numbers,
      int first,
      int count,
      Frame frame) {
    if (frame.images != count) {
      for (int at : frame.rowsAt) {
        clearAround(count, frame.floats, at);
      }
      frame.images = count;
    }
    kernels.packImages(
        norms.function,
        norms.mean,
        norms.scale,
        norms.bias,
        rows.arrays(),
        rows.at(),
        numbers,
        first,
        extent.width(),
        extent.height(),
        count,
        frame.floats,
        frame.rowsAt,
        lead,
        pitch,
        plane);
  }

  private void clearAround(int count, float[] framed, int framedAt) {
    int height = extent.height();
    int first = framedAt + lead;
    Arrays.fill(framed, framedAt, first, 0);
    for (int image = 0; image < count; image++) {
      Arrays.fill(framed, first + image * plane + height * pitch, first + (image + 1) * plane, 0);
    }
    Arrays.fill(framed, first + count * plane, framedAt + framedLength(), 0);
  }

  /** Copies the pixels of {@code count} images out of a product that starts at the first pixel. */
  void unframe(
      TrainingKernels kernels, float[] product, int productAt, int count, float[] pixels, int at) {
    kernels.unframe(
        product, productAt, extent.width(), extent.height(), count, pitch, plane, pixels, at);
  }
}
