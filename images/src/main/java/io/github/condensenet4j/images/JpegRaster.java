package io.github.condensenet4j.images;

import java.awt.Rectangle;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/** Undoes the compression of JPEG files with the reader of the JDK. */
final class JpegRaster {

  private JpegRaster() {}

  /**
   * Returns the samples of all components of a part of the picture in full resolution, as they are
   * in the file. What lies below the part is not looked at.
   *
   * @param part a part of the picture, or null for all of it
   * @throws MalformedImageException if the file is damaged or ends early
   */
  static Raster read(byte[] jpeg, PictureRegion part) throws MalformedImageException {
    ImageReader reader = reader();
    ByteArrayImageStream stream = new ByteArrayImageStream(jpeg);
    try {
      reader.setInput(stream, true, true);
      ImageReadParam param = reader.getDefaultReadParam();
      if (part != null) {
        param.setSourceRegion(new Rectangle(part.left(), part.top(), part.width(), part.height()));
      }
      Raster raster = reader.readRaster(0, param);
      // The reader makes up what a truncated file lacks.
      if (stream.isExhausted()) {
        throw new MalformedImageException("is a truncated JPEG image");
      }
      return raster;
    } catch (MalformedImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The reader answers some damages with unchecked exceptions.
      String reason = e.getMessage() == null ? "" : ": " + e.getMessage().strip();
      throw new MalformedImageException("is a damaged JPEG image" + reason, e);
    } finally {
      reader.dispose();
    }
  }

  /** Finds the JDK's own reader: another one on the class path would give other samples. */
  private static ImageReader reader() {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
        return reader;
      }
    }
    throw new IllegalStateException("this Java has no JPEG reader; the module java.desktop has");
  }
}
