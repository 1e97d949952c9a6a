package io.github.condensenet4j.images;

/** Decodes the first frame of GIF files. */
final class GifDecoder {

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int MAX_CODES = 4096;

  /** A code of at least 3 bits stands for at most 4096 pixels. */
  private static final double PIXELS_A_BYTE = 8.0 / 3 * MAX_CODES;

  private static final int[][] INTERLACED = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
  private static final int[][] ONE_PASS = {{0, 1}};

  private final byte[] bytes;
  private int at = 6;
  private int transparent = -1;

  private GifDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean accepts(byte[] bytes) {
    return bytes.length >= 6
        && bytes[0] == 'G'
        && bytes[1] == 'I'
        && bytes[2] == 'F'
        && bytes[3] == '8'
        && (bytes[4] == '7' || bytes[4] == '9')
        && bytes[5] == 'a';
  }

  static RgbImage decode(byte[] bytes) throws MalformedImageException {
    return new GifDecoder(bytes).decode();
  }

  private RgbImage decode() throws MalformedImageException {
    int screenWidth = int16();
    int screenHeight = int16();
    int flags = next();
    next();
    next();
    byte[] palette = grays();
    if ((flags & 0x80) != 0) {
      readPalette(palette, flags);
    }
    int block = next();
    while (block != IMAGE) {
      if (block != EXTENSION) {
        throw new MalformedImageException("is a GIF image without picture data");
      }
      skipExtension();
      block = next();
    }
    int left = int16();
    int top = int16();
    int width = int16();
    int height = int16();
    int frameFlags = next();
    if ((frameFlags & 0x80) != 0) {
      readPalette(palette, frameFlags);
    }
    int canvasWidth = Math.max(screenWidth, left + width);
    int canvasHeight = Math.max(screenHeight, top + height);
    ImageDecoder.checkSize(canvasWidth, canvasHeight, Double.MAX_VALUE);
    ImageDecoder.checkSize(width, height, PIXELS_A_BYTE * bytes.length);
    byte[] indices = unpack(width * height);
    byte[] canvas = new byte[3 * canvasWidth * canvasHeight];
    // The reference does not look at the background colour here.
    int around = Math.max(0, transparent);
    for (int pixel = 0; pixel < canvasWidth * canvasHeight; pixel++) {
      System.arraycopy(palette, 3 * around, canvas, 3 * pixel, 3);
    }
    int from = 0;
    for (int[] pass : (frameFlags & 0x40) != 0 ? INTERLACED : ONE_PASS) {
      for (int y = pass[0]; y < height; y += pass[1]) {
        int to = 3 * ((top + y) * canvasWidth + left);
        for (int x = 0; x < width; x++) {
          System.arraycopy(palette, 3 * (indices[from++] & 0xff), canvas, to + 3 * x, 3);
        }
      }
    }
    return new RgbImage(canvasWidth, canvasHeight, canvas);
  }

  private static byte[] grays() {
    byte[] palette = new byte[3 * 256];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (i / 3);
    }
    return palette;
  }

  private void readPalette(byte[] palette, int flags) throws MalformedImageException {
    int length = 3 << ((flags & 7) + 1);
    if (at + length > bytes.length) {
      throw truncated();
    }
    System.arraycopy(grays(), 0, palette, 0, palette.length);
    System.arraycopy(bytes, at, palette, 0, length);
    at += length;
  }

  private void skipExtension() throws MalformedImageException {
    int label = next();
    int length = next();
    if (label == GRAPHIC_CONTROL && length >= 4 && at + 4 <= bytes.length && (bytes[at] & 1) != 0) {
      transparent = bytes[at + 3] & 0xff;
    }
    while (length > 0) {
      at += length;
      length = next();
    }
  }

  /** Unpacks LZW codes, which come in blocks with their length in front. */
  private byte[] unpack(int pixels) throws MalformedImageException {
    int rootBits = next();
    if (rootBits < 1 || rootBits > 8) {
      throw new MalformedImageException("is a GIF image with damaged data");
    }
    byte[] indices = new byte[pixels];
    int clear = 1 << rootBits;
    int end = clear + 1;
    int[] prefixes = new int[MAX_CODES];
    byte[] suffixes = new byte[MAX_CODES];
    int[] lengths = new int[MAX_CODES];
    for (int code = 0; code < clear; code++) {
      suffixes[code] = (byte) code;
      lengths[code] = 1;
    }
    int codeBits = rootBits + 1;
    int codes = end + 1;
    int previous = -1;
    int buffer = 0;
    int buffered = 0;
    int blockLeft = 0;
    int done = 0;
    while (done < pixels) {
      while (buffered < codeBits) {
        if (blockLeft == 0) {
          blockLeft = next();
          if (blockLeft == 0) {
            throw truncated();
          }
        }
        buffer |= next() << buffered;
        buffered += 8;
        blockLeft--;
      }
      int code = buffer & ((1 << codeBits) - 1);
      buffer >>>= codeBits;
      buffered -= codeBits;
      if (code == clear) {
        codeBits = rootBits + 1;
        codes = end + 1;
        previous = -1;
        continue;
      }
      if (code == end || code > codes || (code == codes && previous < 0)) {
        throw truncated();
      }
      if (previous >= 0 && codes < MAX_CODES) {
        prefixes[codes] = previous;
        lengths[codes] = lengths[previous] + 1;
        suffixes[codes] = first(code == codes ? previous : code, prefixes, suffixes, lengths);
        codes++;
        if (codes == 1 << codeBits && codeBits < 12) {
          codeBits++;
        }
      }
      int length = lengths[code];
      for (int to = done + length - 1, part = code; to >= done; to--, part = prefixes[part]) {
        if (to < pixels) {
          indices[to] = suffixes[part];
        }
      }
      done += length;
      previous = code;
    }
    return indices;
  }

  private static byte first(int code, int[] prefixes, byte[] suffixes, int[] lengths) {
    int part = code;
    while (lengths[part] > 1) {
      part = prefixes[part];
    }
    return suffixes[part];
  }

  private int next() throws MalformedImageException {
    if (at >= bytes.length) {
      throw truncated();
    }
    return bytes[at++] & 0xff;
  }

  private int int16() throws MalformedImageException {
    return next() | (next() << 8);
  }

  private static MalformedImageException truncated() {
    return new MalformedImageException("is a truncated or damaged GIF image");
  }
}
