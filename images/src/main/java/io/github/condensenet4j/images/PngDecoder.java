package io.github.condensenet4j.images;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes PNG files of every colour type, depth and interlacing.
 *
 * <p>Written out here, because the JDK's reader hides samples behind colour models of its own and
 * takes memory for whatever size a header claims.
 */
final class PngDecoder {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private static final int HEADER = 0x49484452; // IHDR
  private static final int PALETTE = 0x504c5445; // PLTE
  private static final int DATA = 0x49444154; // IDAT
  private static final int END = 0x49454e44; // IEND

  private static final int GRAY = 0;
  private static final int RGB = 2;
  private static final int INDEXED = 3;
  private static final int GRAY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /** Deflate makes at most 1032 bytes of one. */
  private static final int MAX_INFLATION = 1032;

  /** First column, first row, column step and row step of each pass of Adam7. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final byte[] bytes;
  private int width;
  private int height;
  private int depth;
  private int colourType;
  private boolean interlaced;
  private final byte[] palette = new byte[3 * 256];
  private final Inflater inflater = new Inflater();
  private int nextChunk;

  private PngDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean accepts(byte[] bytes) {
    if (bytes.length < SIGNATURE.length) {
      return false;
    }
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (bytes[i] != SIGNATURE[i]) {
        return false;
      }
    }
    return true;
  }

  static RgbImage decode(byte[] bytes) throws MalformedImageException {
    PngDecoder decoder = new PngDecoder(bytes);
    try {
      decoder.readHeaders();
      return decoder.readPixels();
    } catch (DataFormatException e) {
      throw new MalformedImageException("is a PNG image with damaged data: " + e.getMessage(), e);
    } finally {
      decoder.inflater.end();
    }
  }

  /** Reads all chunks before the pixels. */
  private void readHeaders() throws MalformedImageException {
    for (int index = 0; index < palette.length; index++) {
      // Indices beyond a file's palette mean grays, as in the reference.
      palette[index] = (byte) (index / 3);
    }
    int at = SIGNATURE.length;
    while (true) {
      int length = chunkLength(at);
      int type = int32(at + 4);
      if (type == DATA) {
        break;
      }
      checkSum(at, length);
      if (type == HEADER) {
        readHeader(at + 8, length);
      } else if (type == PALETTE) {
        System.arraycopy(bytes, at + 8, palette, 0, Math.min(length, palette.length));
      } else if (type == END) {
        throw new MalformedImageException("is a PNG image without picture data");
      }
      at += 12 + length;
    }
    if (width == 0) {
      throw new MalformedImageException("is a PNG image without a header");
    }
    nextChunk = at;
  }

  private int chunkLength(int at) throws MalformedImageException {
    if (at + 12 > bytes.length) {
      throw truncated();
    }
    int length = int32(at);
    if (length < 0 || length > bytes.length - at - 12) {
      throw truncated();
    }
    return length;
  }

  private static MalformedImageException truncated() {
    return new MalformedImageException("is a truncated PNG image");
  }

  private void checkSum(int at, int length) throws MalformedImageException {
    CRC32 sum = new CRC32();
    sum.update(bytes, at + 4, 4 + length);
    if ((int) sum.getValue() != int32(at + 8 + length)) {
      throw new MalformedImageException("is a PNG image with a damaged chunk");
    }
  }

  private void readHeader(int at, int length) throws MalformedImageException {
    if (length < 13) {
      throw new MalformedImageException("is a PNG image with a damaged header");
    }
    width = int32(at);
    height = int32(at + 4);
    depth = bytes[at + 8];
    colourType = bytes[at + 9];
    interlaced = bytes[at + 12] != 0;
    boolean known =
        switch (colourType) {
          case GRAY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GRAY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || bytes[at + 10] != 0 || bytes[at + 11] != 0) {
      throw new MalformedImageException(
          "is a PNG image of unknown colour type " + colourType + " with " + depth + " bits");
    }
    double bits = 8.0 * MAX_INFLATION * bytes.length;
    ImageDecoder.checkSize(width, height, bits / (depth * channels()));
  }

  private int channels() {
    return switch (colourType) {
      case RGB -> 3;
      case GRAY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  private RgbImage readPixels() throws MalformedImageException, DataFormatException {
    byte[] rgb = new byte[3 * width * height];
    int pixelBytes = Math.max(1, depth * channels() / 8);
    for (int[] pass : interlaced ? ADAM7 : ONE_PASS) {
      int columns = (width - pass[0] + pass[2] - 1) / pass[2];
      int rows = (height - pass[1] + pass[3] - 1) / pass[3];
      if (columns <= 0 || rows <= 0) {
        continue;
      }
      int rowBytes = (int) (((long) columns * depth * channels() + 7) / 8);
      byte[] above = new byte[rowBytes];
      byte[] row = new byte[rowBytes];
      byte[] filter = new byte[1];
      for (int y = 0; y < rows; y++) {
        inflate(filter);
        inflate(row);
        unfilter(filter[0], row, above, pixelBytes);
        int to = 3 * ((pass[1] + y * pass[3]) * width + pass[0]);
        putRow(row, columns, rgb, to, 3 * pass[2]);
        byte[] swapped = above;
        above = row;
        row = swapped;
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /** Fills {@code into} with unpacked data, from as many chunks as it takes. */
  private void inflate(byte[] into) throws MalformedImageException, DataFormatException {
    int done = 0;
    while (done < into.length) {
      int count = inflater.inflate(into, done, into.length - done);
      done += count;
      if (count == 0) {
        if (inflater.finished() || inflater.needsDictionary()) {
          throw truncated();
        }
        feed();
      }
    }
  }

  private void feed() throws MalformedImageException {
    if (nextChunk + 8 > bytes.length || int32(nextChunk + 4) != DATA) {
      throw truncated();
    }
    int length = int32(nextChunk);
    if (length < 0) {
      throw truncated();
    }
    // A file cut inside its last chunk may still hold all pixels.
    int present = Math.min(length, bytes.length - nextChunk - 8);
    inflater.setInput(bytes, nextChunk + 8, present);
    nextChunk = (int) Math.min(bytes.length, nextChunk + 12L + length);
  }

  private static void unfilter(int filter, byte[] row, byte[] above, int pixelBytes)
      throws MalformedImageException {
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = pixelBytes; i < row.length; i++) {
          row[i] += row[i - pixelBytes];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
          row[i] += (byte) ((left + (above[i] & 0xff)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
          int aboveLeft = i < pixelBytes ? 0 : above[i - pixelBytes] & 0xff;
          row[i] += (byte) nearest(left, above[i] & 0xff, aboveLeft);
        }
      }
      default ->
          throw new MalformedImageException("is a PNG image with damaged data: filter " + filter);
    }
  }

  /** Paeth's predictor: whichever of the three is nearest to {@code left + above - aboveLeft}. */
  private static int nearest(int left, int above, int aboveLeft) {
    int toLeft = Math.abs(above - aboveLeft);
    int toAbove = Math.abs(left - aboveLeft);
    int toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
    if (toLeft <= toAbove && toLeft <= toAboveLeft) {
      return left;
    }
    return toAbove <= toAboveLeft ? above : aboveLeft;
  }

  private void putRow(byte[] row, int columns, byte[] rgb, int first, int step) {
    int sampleBytes = Math.max(1, depth / 8);
    int channels = channels();
    for (int x = 0, to = first; x < columns; x++, to += step) {
      if (colourType == RGB || colourType == RGB_ALPHA) {
        int from = x * channels * sampleBytes;
        rgb[to] = row[from];
        rgb[to + 1] = row[from + sampleBytes];
        rgb[to + 2] = row[from + 2 * sampleBytes];
      } else if (colourType == INDEXED) {
        System.arraycopy(palette, 3 * packed(row, x), rgb, to, 3);
      } else {
        byte gray = (byte) gray(row, x);
        rgb[to] = gray;
        rgb[to + 1] = gray;
        rgb[to + 2] = gray;
      }
    }
  }

  private int gray(byte[] row, int x) {
    if (colourType == GRAY_ALPHA) {
      return row[2 * x * depth / 8];
    }
    if (depth == 16) {
      // The reference clips the wide sample instead of scaling it.
      return row[2 * x] != 0 ? 255 : row[2 * x + 1];
    }
    return packed(row, x) * (255 / ((1 << depth) - 1));
  }

  /** Returns the sample of {@link #depth} bits, at most 8, at column {@code x}. */
  private int packed(byte[] row, int x) {
    int bit = x * depth;
    return ((row[bit >> 3] & 0xff) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }

  private int int32(int at) {
    return ((bytes[at] & 0xff) << 24)
        | ((bytes[at + 1] & 0xff) << 16)
        | ((bytes[at + 2] & 0xff) << 8)
        | (bytes[at + 3] & 0xff);
  }
}
