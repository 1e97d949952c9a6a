package io.github.condensenet4j.images;

/** Decodes Windows bitmaps of 1, 4, 8, 16, 24 or 32 bits a pixel, also run-length coded ones. */
final class BmpDecoder {

  private static final int PLAIN = 0;
  private static final int RUNS_OF_8_BITS = 1;
  private static final int RUNS_OF_4_BITS = 2;
  private static final int BIT_FIELDS = 3;

  private final byte[] bytes;
  private int width;
  private int height;
  private boolean topDown;
  private int bits;
  private int compression;
  private final int[] masks = new int[3];
  private final byte[] palette = new byte[3 * 256];

  private BmpDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean accepts(byte[] bytes) {
    return bytes.length >= 2 && bytes[0] == 'B' && bytes[1] == 'M';
  }

  static RgbImage decode(byte[] bytes) throws MalformedImageException {
    return new BmpDecoder(bytes).decode();
  }

  private RgbImage decode() throws MalformedImageException {
    if (bytes.length < 26) {
      throw truncated();
    }
    readHeader();
    long first = int32(10) & 0xffffffffL;
    if (first < 26 || first > bytes.length) {
      throw truncated();
    }
    int data = (int) first;
    if (compression == RUNS_OF_8_BITS || compression == RUNS_OF_4_BITS) {
      // A run of two bytes makes at most 255 pixels, a jump of four passes over as many rows.
      ImageDecoder.checkSize(width, height, 255.0 * width * (bytes.length - data));
      return fromIndices(unpackRuns(data));
    }
    long rowBytes = ((long) width * bits + 31) / 32 * 4;
    // The padding of the last row may be missing.
    long used = rowBytes * (height - 1L) + ((long) width * bits + 7) / 8;
    ImageDecoder.checkSize(width, height, Double.MAX_VALUE);
    if (used > bytes.length - data) {
      throw truncated();
    }
    return bits <= 8 ? fromIndices(unpackIndices(data, (int) rowBytes)) : direct(data, rowBytes);
  }

  private static MalformedImageException truncated() {
    return new MalformedImageException("is a truncated BMP image");
  }

  private void readHeader() throws MalformedImageException {
    int headerBytes = int32(14);
    int paletteEntry = 4;
    int colours = 0;
    if (headerBytes == 12) {
      width = int16(18);
      height = int16(20);
      bits = int16(24);
      paletteEntry = 3;
    } else if (headerBytes >= 40 && headerBytes <= 124 && bytes.length >= 54) {
      width = int32(18);
      height = int32(22);
      topDown = height < 0;
      height = Math.abs(height);
      bits = int16(28);
      compression = int32(30);
      colours = int32(46);
    } else {
      throw new MalformedImageException("is a BMP image with a damaged header");
    }
    ImageDecoder.checkSize(width, height, Double.MAX_VALUE);
    int at = 14 + headerBytes;
    switch (bits) {
      case 1, 4, 8 -> readPalette(at, paletteEntry, colours == 0 ? 1 << bits : colours);
      case 16 -> setMasks(0x7c00, 0x3e0, 0x1f);
      case 24, 32 -> setMasks(0xff0000, 0xff00, 0xff);
      default ->
          throw new MalformedImageException(
              "is a BMP image of " + bits + " bits a pixel, 1, 4, 8, 16, 24 or 32 expected");
    }
    boolean fits =
        compression == PLAIN
            || (compression == RUNS_OF_8_BITS && bits == 8)
            || (compression == RUNS_OF_4_BITS && bits == 4)
            || (compression == BIT_FIELDS && bits >= 16);
    if (!fits) {
      throw new MalformedImageException(
          "is a BMP image of unknown compression " + compression + " with " + bits + " bits");
    }
    if (compression == BIT_FIELDS) {
      if (bytes.length < 66) {
        throw truncated();
      }
      setMasks(int32(54), int32(58), int32(62));
    }
  }

  private void setMasks(int red, int green, int blue) {
    // A file whose masks are all 0 means the common order.
    if ((red | green | blue) != 0) {
      masks[0] = red;
      masks[1] = green;
      masks[2] = blue;
    }
  }

  private void readPalette(int at, int entry, int colours) throws MalformedImageException {
    if (colours < 1 || colours > 65536 || at + (long) entry * colours > bytes.length) {
      throw new MalformedImageException("is a BMP image with a damaged palette");
    }
    for (int index = 0; index < 256; index++) {
      for (int channel = 0; channel < 3; channel++) {
        palette[3 * index + channel] =
            index < colours ? bytes[at + entry * index + 2 - channel] : (byte) index;
      }
    }
  }

  private byte[] unpackIndices(int data, int rowBytes) {
    byte[] indices = new byte[width * height];
    for (int y = 0; y < height; y++) {
      int row = data + (topDown ? y : height - 1 - y) * rowBytes;
      for (int x = 0; x < width; x++) {
        int bit = x * bits;
        int packed = (bytes[row + (bit >> 3)] & 0xff) >> (8 - bits - (bit & 7));
        indices[y * width + x] = (byte) (packed & ((1 << bits) - 1));
      }
    }
    return indices;
  }

  /** Unpacks runs; what they do not reach has index 0. */
  private byte[] unpackRuns(int data) throws MalformedImageException {
    byte[] bottomUp = new byte[width * height];
    boolean nibbles = compression == RUNS_OF_4_BITS;
    int at = data;
    int x = 0;
    int y = 0;
    while (y < height) {
      if (at + 2 > bytes.length) {
        throw truncated();
      }
      int count = bytes[at] & 0xff;
      int value = bytes[at + 1] & 0xff;
      at += 2;
      if (count > 0) {
        for (int i = 0; i < count && x < width; i++) {
          int index = !nibbles ? value : (i & 1) == 0 ? value >> 4 : value & 0xf;
          bottomUp[y * width + x++] = (byte) index;
        }
      } else if (value == 0) {
        x = 0;
        y++;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        if (at + 2 > bytes.length) {
          throw truncated();
        }
        x += bytes[at] & 0xff;
        y += bytes[at + 1] & 0xff;
        at += 2;
      } else {
        int used = nibbles ? (value + 1) / 2 : value;
        if (at + used > bytes.length) {
          throw truncated();
        }
        for (int i = 0; i < value && x < width; i++) {
          int packed = bytes[at + (nibbles ? i / 2 : i)] & 0xff;
          int index = !nibbles ? packed : (i & 1) == 0 ? packed >> 4 : packed & 0xf;
          bottomUp[y * width + x++] = (byte) index;
        }
        at += used + (used & 1);
      }
    }
    if (topDown) {
      return bottomUp;
    }
    byte[] indices = new byte[bottomUp.length];
    for (int row = 0; row < height; row++) {
      System.arraycopy(bottomUp, (height - 1 - row) * width, indices, row * width, width);
    }
    return indices;
  }

  private RgbImage fromIndices(byte[] indices) {
    byte[] rgb = new byte[3 * indices.length];
    for (int pixel = 0; pixel < indices.length; pixel++) {
      System.arraycopy(palette, 3 * (indices[pixel] & 0xff), rgb, 3 * pixel, 3);
    }
    return new RgbImage(width, height, rgb);
  }

  private RgbImage direct(int data, long rowBytes) throws MalformedImageException {
    int pixelBytes = bits / 8;
    int[] shifts = new int[3];
    int[] largest = new int[3];
    for (int channel = 0; channel < 3; channel++) {
      shifts[channel] = Integer.numberOfTrailingZeros(masks[channel]);
      largest[channel] = shifts[channel] == 32 ? 0 : masks[channel] >>> shifts[channel];
      if (largest[channel] == 0 || largest[channel] > 255) {
        throw new MalformedImageException("is a BMP image with unknown bit fields");
      }
    }
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int row = (int) (data + (topDown ? y : height - 1 - y) * rowBytes);
      for (int x = 0; x < width; x++) {
        int pixel = 0;
        for (int i = 0; i < pixelBytes; i++) {
          pixel |= (bytes[row + x * pixelBytes + i] & 0xff) << (8 * i);
        }
        for (int channel = 0; channel < 3; channel++) {
          int sample = (pixel & masks[channel]) >>> shifts[channel];
          rgb[3 * (y * width + x) + channel] = (byte) (sample * 255 / largest[channel]);
        }
      }
    }
    return new RgbImage(width, height, rgb);
  }

  private int int16(int at) {
    return (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8);
  }

  private int int32(int at) {
    return int16(at) | (int16(at + 2) << 16);
  }
}
