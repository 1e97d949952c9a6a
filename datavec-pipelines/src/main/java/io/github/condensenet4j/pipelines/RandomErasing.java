package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Arrays;

/**
 * Random erasing (Zhong et al., 2017) as timm has it: rectangles of some images, after
 * normalisation, are filled.
 *
 * <p>An image is erased with a probability. Each rectangle takes a share of 0.02 to 1/3 of the
 * area, divided by the number of rectangles, at an aspect ratio of 0.3 to 1/0.3; ten attempts are
 * made to fit it, smaller than the image in both directions.
 *
 * @param probability how likely an image is erased, 0 to 1
 * @param fill what the rectangles are filled with
 * @param mostRectangles rectangles of an image at most; each number from 1 on is equally likely
 */
public record RandomErasing(double probability, Fill fill, int mostRectangles) {

  /** Erases nothing. */
  public static final RandomErasing NONE = new RandomErasing(0, Fill.CONST, 1);

  private static final int ATTEMPTS = 10;
  private static final double LEAST_AREA = 0.02;
  private static final double MOST_AREA = 1 / 3.0;
  private static final double LEAST_ASPECT = 0.3;

  /** What rectangles are filled with. */
  public enum Fill {
    /** Zeros: the mean colour. */
    CONST,
    /** One normally distributed number a channel. */
    RAND,
    /** A normally distributed number for each pixel and channel. */
    PIXEL
  }

  /** A rectangle, in pixels. */
  record Box(int top, int left, int height, int width) {}

  /**
   * Checks the numbers.
   *
   * @throws InvalidOptionException if one is out of range
   */
  public RandomErasing {
    if (!(probability >= 0 && probability <= 1)) {
      throw new InvalidOptionException("--reprob", "from 0 to 1", probability);
    }
    if (mostRectangles < 1) {
      throw new InvalidOptionException("--recount", "at least 1", mostRectangles);
    }
  }

  /** What takes the rectangles of an image. */
  @FunctionalInterface
  interface Patches {

    /**
     * Puts numbers into an image.
     *
     * @param values {@code [channels, box.height(), box.width()]}
     */
    void put(Box box, float[] values);
  }

  /**
   * Erases a part of an image, or none.
   *
   * @param values holds {@code [channels, height, width]} from {@code offset} on
   */
  public void apply(
      float[] values, int offset, int channels, int height, int width, RandomStream random) {
    apply(
        channels,
        height,
        width,
        random,
        (box, patch) -> {
          for (int row = 0; row < channels * box.height(); row++) {
            int y = row / box.height() * height + box.top() + row % box.height();
            int to = offset + y * width + box.left();
            System.arraycopy(patch, row * box.width(), values, to, box.width());
          }
        });
  }

  /** Draws what is erased of an image of a size and gives it to {@code patches}. */
  void apply(int channels, int height, int width, RandomStream random, Patches patches) {
    if (probability == 0 || random.nextDouble() > probability) {
      return;
    }
    int count = mostRectangles == 1 ? 1 : 1 + random.nextInt(mostRectangles);
    for (int i = 0; i < count; i++) {
      Box box = draw(height, width, count, random);
      if (box != null) {
        random.note(
            () ->
                "erase %dx%d at %d,%d".formatted(box.width(), box.height(), box.left(), box.top()));
        patches.put(box, filling(box, channels, random));
      }
    }
  }

  /** Draws one of {@code count} rectangles; null if none of ten fits. */
  Box draw(int height, int width, int count, RandomStream random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = random.nextDouble(LEAST_AREA, MOST_AREA) * height * width / count;
      double aspect = Math.exp(random.nextDouble(Math.log(LEAST_ASPECT), -Math.log(LEAST_ASPECT)));
      int boxHeight = (int) Math.rint(Math.sqrt(area * aspect));
      int boxWidth = (int) Math.rint(Math.sqrt(area / aspect));
      if (boxHeight < height && boxWidth < width) {
        int top = random.nextInt(height - boxHeight + 1);
        int left = random.nextInt(width - boxWidth + 1);
        return new Box(top, left, boxHeight, boxWidth);
      }
    }
    return null;
  }

  private float[] filling(Box box, int channels, RandomStream random) {
    int area = box.height() * box.width();
    float[] values = new float[channels * area];
    for (int channel = 0; channel < channels; channel++) {
      if (fill == Fill.RAND) {
        float colour = (float) random.nextGaussian();
        Arrays.fill(values, channel * area, (channel + 1) * area, colour);
      } else if (fill == Fill.PIXEL) {
        for (int at = channel * area; at < (channel + 1) * area; at += box.width()) {
          random.fillGaussian(values, at, at + box.width());
        }
      }
    }
    return values;
  }
}
