package io.github.condensenet4j.images;

import io.github.condensenet4j.kernels.resampling.PackedPixels;
import io.github.condensenet4j.kernels.resampling.YccColour;
import java.util.Arrays;

/**
 * A picture of red, green and blue samples of 8 bits, as Pillow's mode {@code RGB} holds it.
 *
 * <p>Immutable by agreement: {@link #samples()} hands out the array itself, because copying it
 * would cost as much as most of what is done with it.
 */
public final class RgbImage {

  private final int width;
  private final int height;

  // Null until they are asked for, where pixels came in another form.
  private volatile byte[] samples;

  // Null until they are asked for, where pixels came in another form.
  private volatile int[] packed;

  /** Null where pixels did not come as luminance and colour differences. */
  private final byte[] ycc;

  /**
   * Wraps {@code samples}, which the caller gives away.
   *
   * @param samples {@code [height, width, 3]} in C order, unsigned
   */
  public RgbImage(int width, int height, byte[] samples) {
    if (width < 1 || height < 1 || samples.length != 3L * width * height) {
      throw new IllegalArgumentException(
          width + "x" + height + " pixels do not have " + samples.length + " samples");
    }
    this.width = width;
    this.height = height;
    this.samples = samples;
    this.packed = null;
    this.ycc = null;
  }

  private RgbImage(int width, int height, int[] packed, byte[] ycc) {
    this.width = width;
    this.height = height;
    this.packed = packed;
    this.ycc = ycc;
  }

  /**
   * Wraps {@code packed}, which the caller gives away.
   *
   * @param packed {@code [height, width]} in C order, {@code red | green << 8 | blue << 16}; what
   *     follows them does not matter
   * @throws IllegalArgumentException if there are fewer
   */
  public static RgbImage ofPacked(int width, int height, int[] packed) {
    if (width < 1 || height < 1 || packed.length < (long) width * height) {
      throw new IllegalArgumentException(
          width + "x" + height + " pixels are not " + packed.length + " ints");
    }
    return new RgbImage(width, height, packed, null);
  }

  /**
   * Wraps {@code ycc}, which the caller gives away: colours are made of it when they are asked for,
   * or on the way where it is resized.
   *
   * @param ycc {@code [height, width, 3]} in C order, for {@link YccColour}
   */
  static RgbImage ofYcc(int width, int height, byte[] ycc) {
    return new RgbImage(width, height, null, ycc);
  }

  /** Returns the width in pixels. */
  public int width() {
    return width;
  }

  /** Returns the height in pixels. */
  public int height() {
    return height;
  }

  /** Returns the samples, {@code [height, width, 3]} in C order, not to be changed. */
  public byte[] samples() {
    byte[] made = samples;
    if (made == null) {
      int pixels = width * height;
      if (ycc != null) {
        made = ycc.clone();
        YccColour.toRgb(made, 3, pixels);
      } else {
        made = new byte[3 * pixels];
        PackedPixels.unpack(packed, 0, pixels, made, 0);
      }
      samples = made;
    }
    return made;
  }

  /** Returns the pixels as {@link #ofPacked} takes them, not to be changed. */
  public int[] pixels() {
    int[] made = packed;
    if (made == null) {
      made = new int[width * height];
      PackedPixels.pack(samples(), 0, width * height, made, 0, 1);
      packed = made;
    }
    return made;
  }

  /**
   * Returns the pixels if they are there as {@link #ofYcc} takes them, else null; not to be
   * changed.
   */
  byte[] ycc() {
    return ycc;
  }

  /** Returns the sample, 0 to 255, of {@code channel} (0 red, 1 green, 2 blue) at a pixel. */
  public int sample(int x, int y, int channel) {
    return samples()[3 * (y * width + x) + channel] & 0xff;
  }

  /**
   * Returns the part of {@code cropWidth} by {@code cropHeight} pixels whose first pixel is at
   * {@code left}, {@code top}; what lies outside this picture is black.
   */
  public RgbImage crop(int left, int top, int cropWidth, int cropHeight) {
    if (left == 0 && top == 0 && cropWidth == width && cropHeight == height) {
      return this;
    }
    byte[] cropped = new byte[Math.multiplyExact(3, Math.multiplyExact(cropWidth, cropHeight))];
    byte[] whole = samples();
    int firstX = Math.max(left, 0);
    int endX = Math.min(left + cropWidth, width);
    for (int y = Math.max(top, 0); y < Math.min(top + cropHeight, height) && firstX < endX; y++) {
      System.arraycopy(
          whole,
          3 * (y * width + firstX),
          cropped,
          3 * ((y - top) * cropWidth + firstX - left),
          3 * (endX - firstX));
    }
    return new RgbImage(cropWidth, cropHeight, cropped);
  }

  /**
   * Writes the samples as planes {@code [3, height, width]} to {@code planes} from {@code offset}.
   */
  public void copyPlanes(byte[] planes, int offset) {
    byte[] all = samples();
    int pixels = width * height;
    for (int channel = 0; channel < 3; channel++) {
      int to = offset + channel * pixels;
      for (int pixel = 0, from = channel; pixel < pixels; pixel++, from += 3) {
        planes[to + pixel] = all[from];
      }
    }
  }

  /** Returns this picture mirrored, left for right. */
  public RgbImage flip() {
    int[] pixels = packed;
    return pixels == null ? flippedSamples() : ofPacked(width, height, flipped(pixels));
  }

  private int[] flipped(int[] pixels) {
    int[] flipped = new int[width * height];
    for (int row = 0; row < flipped.length; row += width) {
      for (int x = 0; x < width; x++) {
        flipped[row + width - 1 - x] = pixels[row + x];
      }
    }
    return flipped;
  }

  private RgbImage flippedSamples() {
    byte[] all = samples();
    byte[] flipped = new byte[all.length];
    for (int y = 0; y < height; y++) {
      int first = 3 * y * width;
      int last = first + 3 * (width - 1);
      PackedPixels.put(PackedPixels.lastPixel(all, last), flipped, first);
      for (int from = first, to = last; from < last; from += 3, to -= 3) {
        PackedPixels.put(PackedPixels.pixel(all, from), flipped, to);
      }
    }
    return new RgbImage(width, height, flipped);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(samples(), that.samples());
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(samples());
  }

  @Override
  public String toString() {
    return "RgbImage " + width + "x" + height;
  }
}
