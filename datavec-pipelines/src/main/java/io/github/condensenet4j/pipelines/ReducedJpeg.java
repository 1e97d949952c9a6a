package io.github.condensenet4j.pipelines;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.images.RgbImage;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decodes JPEG pictures to a part of their size, by the libjpeg-turbo that is in OpenCV. */
final class ReducedJpeg {

  private ReducedJpeg() {}

  /**
   * Decodes a picture.
   *
   * @param name what messages call it
   * @param power 2, 4 or 8: each side becomes so many times shorter, rounded up
   * @return nothing if OpenCV finds fault with it
   * @throws CondenseNetException if OpenCV's natives are missing
   */
  static Optional<RgbImage> decode(String name, byte[] bytes, int power) {
    int flag =
        switch (power) {
          case 2 -> IMREAD_REDUCED_COLOR_2;
          case 4 -> IMREAD_REDUCED_COLOR_4;
          case 8 -> IMREAD_REDUCED_COLOR_8;
          default -> throw new IllegalArgumentException("a picture cannot be reduced by " + power);
        };
    try (BytePointer encoded = new BytePointer(bytes);
        Mat in = new Mat(1, bytes.length, opencv_core.CV_8UC1, encoded);
        Mat image = opencv_imgcodecs.imdecode(in, flag | IMREAD_IGNORE_ORIENTATION)) {
      if (image.empty() || image.type() != opencv_core.CV_8UC3 || !image.isContinuous()) {
        return Optional.empty();
      }
      byte[] samples = new byte[3 * image.rows() * image.cols()];
      image.data().get(samples);
      swapRedAndBlue(samples);
      return Optional.of(new RgbImage(image.cols(), image.rows(), samples));
    } catch (LinkageError e) {
      throw new CondenseNetException(
          name
              + ": decoding to a smaller size needs OpenCV's natives; add"
              + " org.bytedeco:opencv-platform, or leave --scaled-decode out",
          e);
    }
  }

  private static void swapRedAndBlue(byte[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      byte blue = samples[i];
      samples[i] = samples[i + 2];
      samples[i + 2] = blue;
    }
  }
}
