package io.github.condensenet4j.images;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Decodes JPEG, PNG, GIF (first frame), BMP and PNM files to the samples that Pillow 9.4 gives for
 * {@code Image.open(file).convert("RGB")}.
 *
 * <p>What a file is, its first bytes say, not its name. Neither colour profiles nor gamma nor EXIF
 * orientation are applied, alpha is dropped, 16-bit gray samples are clipped to 255: all as the
 * reference does it.
 *
 * <p>An image of more than {@link #MAX_PIXELS} pixels, or of more than its bytes could possibly
 * hold, is refused before memory is taken for it.
 */
public final class ImageDecoder {

  /** The largest number of pixels that is decoded: 90 million, about 270 MB of samples. */
  public static final int MAX_PIXELS = 90_000_000;

  /** The largest file that is read, in bytes. */
  public static final int MAX_BYTES = 1 << 28;

  private ImageDecoder() {}

  /**
   * Decodes {@code file}.
   *
   * @throws InvalidFileException if it is missing, empty, truncated, damaged, of an unknown format
   *     or too large
   */
  public static RgbImage decode(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
    return decode(file.toString(), bytes);
  }

  /**
   * Decodes {@code bytes}.
   *
   * @param source what messages call the image
   * @throws InvalidFileException if they are empty, truncated, damaged, of an unknown format or too
   *     large
   */
  public static RgbImage decode(String source, byte[] bytes) {
    try {
      return decode(bytes);
    } catch (MalformedImageException e) {
      throw new InvalidFileException(source, e.getMessage(), e);
    }
  }

  /**
   * Decodes a part of the picture in {@code bytes}, which is cut out of the whole where only all of
   * it can be decoded.
   *
   * @param source what messages call the image
   * @throws InvalidFileException as {@link #decode(String, byte[])} does, but not for damage that
   *     lies behind the part
   */
  public static RgbImage decode(String source, byte[] bytes, PictureRegion part) {
    try {
      return bytes.length <= MAX_BYTES && JpegDecoder.accepts(bytes)
          ? JpegDecoder.decode(bytes, part)
          : decode(bytes).crop(part.left(), part.top(), part.width(), part.height());
    } catch (MalformedImageException e) {
      throw new InvalidFileException(source, e.getMessage(), e);
    }
  }

  /**
   * Returns the size of the picture in {@code bytes} if it is one that other decoders may decode to
   * a part of its size: a whole JPEG file in common colours.
   */
  public static Optional<PictureSize> reducibleSize(byte[] bytes) {
    return bytes.length > MAX_BYTES ? Optional.empty() : JpegDecoder.commonSize(bytes);
  }

  private static RgbImage decode(byte[] bytes) throws MalformedImageException {
    if (bytes.length == 0) {
      throw new MalformedImageException("is empty, an image expected");
    }
    if (bytes.length > MAX_BYTES) {
      throw new MalformedImageException("has more than the " + MAX_BYTES + " bytes that are read");
    }
    if (JpegDecoder.accepts(bytes)) {
      return JpegDecoder.decode(bytes);
    }
    if (PngDecoder.accepts(bytes)) {
      return PngDecoder.decode(bytes);
    }
    if (GifDecoder.accepts(bytes)) {
      return GifDecoder.decode(bytes);
    }
    if (BmpDecoder.accepts(bytes)) {
      return BmpDecoder.decode(bytes);
    }
    if (PnmDecoder.accepts(bytes)) {
      return PnmDecoder.decode(bytes);
    }
    throw new MalformedImageException(
        "is not an image of a known format; JPEG, PNG, GIF, BMP or PNM expected");
  }

  /**
   * Checks a size that a header claims.
   *
   * @param possiblePixels how many pixels the bytes behind the header can hold at most
   */
  static void checkSize(long width, long height, double possiblePixels)
      throws MalformedImageException {
    if (width < 1 || height < 1) {
      throw new MalformedImageException(
          "claims a size of " + width + "x" + height + " pixels, at least 1x1 expected");
    }
    if (width > MAX_PIXELS || height > MAX_PIXELS || width * height > MAX_PIXELS) {
      throw new MalformedImageException(
          "claims " + width + "x" + height + " pixels, at most " + MAX_PIXELS + " are decoded");
    }
    if (width * height > possiblePixels) {
      throw new MalformedImageException(
          "claims "
              + width
              + "x"
              + height
              + " pixels, more than its bytes can hold; it is truncated or damaged");
    }
  }
}
