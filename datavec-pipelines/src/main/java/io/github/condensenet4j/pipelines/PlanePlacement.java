package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.pipelines.PadCropFlip.Placement;
import java.util.Arrays;

/**
 * Cuts parts out of single planes while they are copied into a batch; the same result as {@link
 * PadCropFlip#apply} without an image in between.
 */
final class PlanePlacement {

  private PlanePlacement() {}

  /**
   * Copies a plane of 8-bit samples, each looked up in {@code table}.
   *
   * @param samples holds the plane, {@code [height, width]}, from {@code from} on
   * @param values takes the part, {@code [height, width]}, from {@code to} on; what lies outside
   *     the plane becomes {@code table[0]}
   */
  static void copy(
      byte[] samples,
      int from,
      int height,
      int width,
      Placement placement,
      float[] table,
      float[] values,
      int to) {
    int firstX = Math.max(0, -placement.left());
    int endX = Math.min(width, width - placement.left());
    for (int y = 0; y < height; y++) {
      int row = to + y * width;
      int sourceY = y + placement.top();
      if (sourceY < 0 || sourceY >= height || firstX >= endX) {
        Arrays.fill(values, row, row + width, table[0]);
        continue;
      }
      int source = from + sourceY * width + placement.left();
      if (placement.flipped()) {
        int last = row + width - 1;
        Arrays.fill(values, last - firstX + 1, last + 1, table[0]);
        for (int x = firstX; x < endX; x++) {
          values[last - x] = table[samples[source + x] & 0xff];
        }
        Arrays.fill(values, row, last - endX + 1, table[0]);
      } else {
        Arrays.fill(values, row, row + firstX, table[0]);
        for (int x = firstX; x < endX; x++) {
          values[row + x] = table[samples[source + x] & 0xff];
        }
        Arrays.fill(values, row + endX, row + width, table[0]);
      }
    }
  }

  /** Copies a plane of floats; what lies outside it becomes 0. */
  static void copy(
      float[] plane, int from, int height, int width, Placement placement, float[] values, int to) {
    for (int y = 0; y < height; y++) {
      int sourceY = y + placement.top();
      for (int x = 0; x < width; x++) {
        int sourceX = x + placement.left();
        boolean inside = sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width;
        int target = placement.flipped() ? width - 1 - x : x;
        values[to + y * width + target] = inside ? plane[from + sourceY * width + sourceX] : 0;
      }
    }
  }
}
