package io.github.condensenet4j.images;

import io.github.condensenet4j.kernels.resampling.YccColour;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decodes JPEG files: the JDK's reader undoes the compression, this class everything to do with
 * colour.
 *
 * <p>The JDK applies embedded profiles and guesses colour spaces differently from libjpeg. So the
 * headers are rewritten: application segments and comments go, and an Adobe segment that declares
 * the components to be what they are (no transform) comes in. The reader then gives the components'
 * samples untouched, in full resolution, and they are converted here as libjpeg and Pillow do.
 */
final class JpegDecoder {

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;

  /** Start of an image whose components are what they are: a transform of 0. */
  private static final byte[] ADOBE_SEGMENT = {
    (byte) 0xff,
    (byte) SOI,
    (byte) 0xff,
    (byte) APP14,
    0,
    14,
    'A',
    'd',
    'o',
    'b',
    'e',
    0,
    100,
    0,
    0,
    0,
    0,
    0
  };

  /** Bytes that the headers of most files are shorter than. */
  private static final int HEADERS = 1024;

  /** Samples of a block of 8x8, whose cheapest code is a bit. */
  private static final int PIXELS_A_BYTE = 8 * 64;

  /** How the components of an image mean a colour. */
  private enum Colour {
    GRAY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  private final byte[] bytes;
  private final ByteArrayOutputStream rewritten;
  private int width;
  private int height;
  private int[] componentIds;
  private boolean transposedSampling;
  private boolean jfif;
  private int adobeTransform = -1;

  private JpegDecoder(byte[] bytes) {
    this.bytes = bytes;
    this.rewritten = new ByteArrayOutputStream(HEADERS);
  }

  static boolean accepts(byte[] bytes) {
    return bytes.length >= 3
        && (bytes[0] & 0xff) == 0xff
        && (bytes[1] & 0xff) == SOI
        && (bytes[2] & 0xff) == 0xff;
  }

  static RgbImage decode(byte[] bytes) throws MalformedImageException {
    return new JpegDecoder(bytes).decodePart(null);
  }

  /** Decodes a part, by itself where the picture has a {@link #commonSize}, else with the rest. */
  static RgbImage decode(byte[] bytes, PictureRegion part) throws MalformedImageException {
    return new JpegDecoder(bytes).decodePart(part);
  }

  /**
   * Returns the size of a picture that any decoder of JPEG understands alike: grey or with one
   * brightness and two colours, and not cut off.
   */
  static Optional<PictureSize> commonSize(byte[] bytes) {
    if (!accepts(bytes)) {
      return Optional.empty();
    }
    try {
      JpegDecoder decoder = new JpegDecoder(bytes);
      decoder.rewriteHeaders();
      return decoder.isCommon(decoder.colour())
          ? Optional.of(new PictureSize(decoder.width, decoder.height))
          : Optional.empty();
    } catch (MalformedImageException e) {
      // Whoever decodes it will say so.
      return Optional.empty();
    }
  }

  private boolean isCommon(Colour colour) {
    int last = bytes.length - 1;
    boolean isWhole = (bytes[last - 1] & 0xff) == 0xff && (bytes[last] & 0xff) == EOI;
    return isWhole && (colour == Colour.GRAY || colour == Colour.YCC);
  }

  /** Decodes {@code part}, or all where that is null. */
  private RgbImage decodePart(PictureRegion part) throws MalformedImageException {
    int scan = rewriteHeaders();
    Colour colour = colour();
    byte[] jpeg = joined(ADOBE_SEGMENT, rewritten.toByteArray(), scan);
    boolean isSmoothed = transposedSampling && colour != Colour.RGB;
    if (part != null
        && !isSmoothed
        && isCommon(colour)
        && part.isWithin(new PictureSize(width, height))) {
      byte[] samples = readSamples(jpeg, part);
      return colour == Colour.YCC
          ? RgbImage.ofYcc(part.width(), part.height(), samples)
          : new RgbImage(part.width(), part.height(), toRgb(samples, colour));
    }
    byte[] samples = readSamples(jpeg, new PictureRegion(0, 0, width, height));
    if (isSmoothed) {
      VerticalChroma.smooth(samples, width, height, componentIds.length);
    }
    RgbImage whole = new RgbImage(width, height, toRgb(samples, colour));
    return part == null ? whole : whole.crop(part.left(), part.top(), part.width(), part.height());
  }

  /** Copies the segments that matter for decompression and returns where the first scan begins. */
  private int rewriteHeaders() throws MalformedImageException {
    int at = 2;
    while (true) {
      while (at < bytes.length && (bytes[at] & 0xff) != 0xff) {
        at++;
      }
      while (at < bytes.length && (bytes[at] & 0xff) == 0xff) {
        at++;
      }
      if (at + 2 >= bytes.length) {
        throw new MalformedImageException("is a JPEG image that ends in its headers");
      }
      int marker = bytes[at] & 0xff;
      if (marker == EOI) {
        throw new MalformedImageException("is a JPEG image without picture data");
      }
      if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= SOI)) {
        at++;
        continue;
      }
      int length = unsigned16(at + 1);
      int end = at + 1 + length;
      if (length < 2 || end > bytes.length) {
        throw new MalformedImageException("is a JPEG image that ends in its headers");
      }
      if (marker == SOS) {
        if (componentIds == null) {
          throw new MalformedImageException("is a JPEG image without a frame header");
        }
        return at - 1;
      }
      if (isFrame(marker)) {
        readFrame(at + 3, end);
      }
      if (marker == APP0 && startsWith(at + 3, end, "JFIF\0")) {
        jfif = true;
      } else if (marker == APP14 && startsWith(at + 3, end, "Adobe") && length >= 14) {
        adobeTransform = bytes[at + 3 + 11] & 0xff;
      }
      if ((marker < APP0 || marker > APP15) && marker != COM) {
        rewritten.write(0xff);
        rewritten.write(bytes, at, end - at);
      }
      at = end;
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private void readFrame(int at, int end) throws MalformedImageException {
    if (componentIds != null || end - at < 6 || end - at < 6 + 3 * (bytes[at + 5] & 0xff)) {
      throw new MalformedImageException("is a JPEG image with a damaged frame header");
    }
    if (bytes[at] != 8) {
      throw new MalformedImageException(
          "is a JPEG image of " + bytes[at] + " bits a sample, 8 expected");
    }
    height = unsigned16(at + 1);
    width = unsigned16(at + 3);
    ImageDecoder.checkSize(width, height, (double) PIXELS_A_BYTE * bytes.length);
    componentIds = new int[bytes[at + 5] & 0xff];
    int[] horizontal = new int[componentIds.length];
    int[] vertical = new int[componentIds.length];
    for (int component = 0; component < componentIds.length; component++) {
      componentIds[component] = bytes[at + 6 + 3 * component] & 0xff;
      horizontal[component] = (bytes[at + 7 + 3 * component] >> 4) & 0xf;
      vertical[component] = bytes[at + 7 + 3 * component] & 0xf;
    }
    transposedSampling =
        componentIds.length >= 3
            && horizontal[0] == horizontal[1]
            && horizontal[0] == horizontal[2]
            && vertical[0] == 2 * vertical[1]
            && vertical[0] == 2 * vertical[2];
  }

  /** Tells what the components mean, by libjpeg's rules. */
  private Colour colour() throws MalformedImageException {
    return switch (componentIds.length) {
      case 1 -> Colour.GRAY;
      case 3 -> isRgb() ? Colour.RGB : Colour.YCC;
      case 4 -> adobeTransform > 0 ? Colour.YCCK : Colour.CMYK;
      default ->
          throw new MalformedImageException(
              "is a JPEG image of " + componentIds.length + " components, 1, 3 or 4 expected");
    };
  }

  private boolean isRgb() {
    if (jfif || adobeTransform >= 0) {
      return !jfif && adobeTransform == 0;
    }
    return componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B';
  }

  /** Returns {@code start}, {@code headers}, and the file from {@code scan} on. */
  private byte[] joined(byte[] start, byte[] headers, int scan) {
    int rest = bytes.length - scan;
    byte[] whole = Arrays.copyOf(start, start.length + headers.length + rest);
    System.arraycopy(headers, 0, whole, start.length, headers.length);
    System.arraycopy(bytes, scan, whole, start.length + headers.length, rest);
    return whole;
  }

  /** Returns the samples of all components, {@code [height, width, components]}. */
  private byte[] readSamples(byte[] jpeg, PictureRegion part) throws MalformedImageException {
    Raster raster = JpegRaster.read(jpeg, part);
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    if (raster.getWidth() != part.width()
        || raster.getHeight() != part.height()
        || raster.getNumBands() != componentIds.length
        || samples.length != part.width() * part.height() * componentIds.length) {
      throw new MalformedImageException("is a JPEG image whose data contradict its headers");
    }
    return samples;
  }

  private byte[] toRgb(byte[] samples, Colour colour) {
    int pixels = samples.length / componentIds.length;
    return switch (colour) {
      case RGB -> samples;
      case GRAY -> repeatGray(samples, pixels);
      case YCC -> {
        YccColour.toRgb(samples, 3, pixels);
        yield samples;
      }
      case CMYK -> CmykColour.invertedToRgb(samples, pixels);
      case YCCK -> {
        YccColour.toRgb(samples, 4, pixels);
        CmykColour.complementInk(samples, pixels);
        yield CmykColour.invertedToRgb(samples, pixels);
      }
    };
  }

  static byte[] repeatGray(byte[] gray, int pixels) {
    byte[] rgb = new byte[3 * pixels];
    for (int pixel = 0, to = 0; pixel < pixels; pixel++) {
      rgb[to++] = gray[pixel];
      rgb[to++] = gray[pixel];
      rgb[to++] = gray[pixel];
    }
    return rgb;
  }

  private int unsigned16(int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  private boolean startsWith(int at, int end, String text) {
    if (end - at < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
