package io.github.condensenet4j.kernels.resampling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Pixels of three bytes as pixels of one int, and back. */
public final class PackedPixels {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedPixels() {}

  /**
   * Returns the pixel whose red is at {@code at}; its highest byte is the next one's red, so there
   * must be a next one.
   */
  public static int pixel(byte[] in, int at) {
    return (int) INT.get(in, at);
  }

  /** Returns the pixel whose red is at {@code at}, which may be the last one. */
  public static int lastPixel(byte[] in, int at) {
    return (in[at] & 0xff) | ((in[at + 1] & 0xff) << 8) | ((in[at + 2] & 0xff) << 16);
  }

  /**
   * Packs {@code pixels} pixels.
   *
   * @param from where the first one's red is
   * @param to where the first one goes
   * @param step from int to int
   */
  public static void pack(byte[] in, int from, int pixels, int[] out, int to, int step) {
    int at = to;
    int next = from;
    for (int end = from + 3 * (pixels - 1); next < end; next += 3, at += step) {
      out[at] = pixel(in, next) & 0xffffff;
    }
    out[at] = lastPixel(in, next);
  }

  /** Writes a pixel whose red goes to {@code to}. */
  public static void put(int pixel, byte[] out, int to) {
    out[to] = (byte) pixel;
    out[to + 1] = (byte) (pixel >> 8);
    out[to + 2] = (byte) (pixel >> 16);
  }

  /**
   * Unpacks {@code pixels} pixels.
   *
   * @param to where the first one's red goes
   */
  public static void unpack(int[] in, int from, int pixels, byte[] out, int to) {
    int last = from + pixels - 1;
    int next = to;
    // A pixel is written with a byte that the next one overwrites.
    for (int at = from; at < last; at++, next += 3) {
      INT.set(out, next, in[at]);
    }
    put(in[last], out, next);
  }
}
