package io.github.condensenet4j.images;

/** Decodes binary PNM files: bit maps (P4), gray maps (P5) and pixel maps (P6) of up to 8 bits. */
final class PnmDecoder {

  private final byte[] bytes;
  private int at = 2;

  private PnmDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean accepts(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == 'P'
        && bytes[1] >= '4'
        && bytes[1] <= '6'
        && isSpace(bytes[2]);
  }

  static RgbImage decode(byte[] bytes) throws MalformedImageException {
    return new PnmDecoder(bytes).decode();
  }

  private RgbImage decode() throws MalformedImageException {
    char kind = (char) bytes[1];
    int width = number();
    int height = number();
    int max = kind == '4' ? 1 : number();
    if (max < 1 || max > 255) {
      throw new MalformedImageException(
          "is a PNM image with samples up to " + max + ", 1 to 255 expected");
    }
    at++;
    double samples = Math.max(0, bytes.length - at);
    ImageDecoder.checkSize(
        width, height, kind == '4' ? 8 * samples : kind == '5' ? samples : samples / 3);
    int pixels = width * height;
    byte[] rgb = new byte[3 * pixels];
    if (kind == '4') {
      int rowBytes = (width + 7) / 8;
      if ((long) rowBytes * height > samples) {
        throw new MalformedImageException("is a truncated PNM image");
      }
      for (int pixel = 0; pixel < pixels; pixel++) {
        int x = pixel % width;
        int bits = bytes[at + pixel / width * rowBytes + (x >> 3)];
        byte white = (byte) (((bits >> (7 - (x & 7))) & 1) == 0 ? 255 : 0);
        rgb[3 * pixel] = white;
        rgb[3 * pixel + 1] = white;
        rgb[3 * pixel + 2] = white;
      }
    } else {
      for (int i = 0; i < rgb.length; i++) {
        int sample = bytes[at + (kind == '5' ? i / 3 : i)] & 0xff;
        rgb[i] = (byte) Math.min(255, (int) Math.rint(sample * 255.0 / max));
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /** Reads the next number of the header, past space and comments. */
  private int number() throws MalformedImageException {
    while (at < bytes.length && (isSpace(bytes[at]) || bytes[at] == '#')) {
      if (bytes[at] == '#') {
        while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
          at++;
        }
      } else {
        at++;
      }
    }
    int value = 0;
    int first = at;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && at - first < 9) {
      value = 10 * value + bytes[at++] - '0';
    }
    if (at == first || at >= bytes.length || !isSpace(bytes[at])) {
      throw new MalformedImageException("is a PNM image with a damaged header");
    }
    return value;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || (character >= 9 && character <= 13);
  }
}
