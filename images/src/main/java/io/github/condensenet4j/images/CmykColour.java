package io.github.condensenet4j.images;

/**
 * Inks to red, green and blue, as Pillow does it without a colour profile.
 *
 * <p>JPEG files hold inks inverted (255 is none), by Adobe's convention, which Pillow assumes of
 * every file.
 */
final class CmykColour {

  private CmykColour() {}

  /** Makes cyan, magenta and yellow of red, green and blue; black stays. In place. */
  static void complementInk(byte[] samples, int pixels) {
    for (int at = 0; at < 4 * pixels; at += 4) {
      samples[at] = (byte) ~samples[at];
      samples[at + 1] = (byte) ~samples[at + 1];
      samples[at + 2] = (byte) ~samples[at + 2];
    }
  }

  /** Returns {@code [pixels, 3]} for inverted inks {@code [pixels, 4]}. */
  static byte[] invertedToRgb(byte[] inks, int pixels) {
    byte[] rgb = new byte[3 * pixels];
    for (int from = 0, to = 0; to < rgb.length; from += 4) {
      int light = inks[from + 3] & 0xff;
      for (int ink = 0; ink < 3; ink++) {
        int covered = 255 - (inks[from + ink] & 0xff);
        rgb[to++] = (byte) (light - timesOver255(covered, light));
      }
    }
    return rgb;
  }

  /** Returns {@code a * b / 255}, rounded, by shifts that are exact for 8-bit factors. */
  private static int timesOver255(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }
}
