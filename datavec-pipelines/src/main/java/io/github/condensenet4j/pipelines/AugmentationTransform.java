package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.RgbImage;
import java.nio.ByteBuffer;
import java.util.Random;
import org.bytedeco.javacv.Frame;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.transform.BaseImageTransform;

/**
 * An augmentation of this package as a DataVec transform, for image pipelines of others.
 *
 * <p>Images are frames of 8 bits with blue, green and red channels, as {@code NativeImageLoader}
 * loads them.
 */
public final class AugmentationTransform extends BaseImageTransform<Frame> {

  private final transient Augmentation augmentation;

  /** Creates a transform that draws from {@code random} where its caller gives no other source. */
  public AugmentationTransform(Augmentation augmentation, Random random) {
    super(random);
    this.augmentation = augmentation;
  }

  @Override
  protected ImageWritable doTransform(ImageWritable image, Random source) {
    if (image == null) {
      return null;
    }
    Random random = source == null ? getRandom() : source;
    RgbImage changed =
        augmentation.apply(toImage(image.getFrame()), RandomStream.of(random.nextLong()));
    return new ImageWritable(toFrame(changed));
  }

  private static RgbImage toImage(Frame frame) {
    if (frame.imageDepth != Frame.DEPTH_UBYTE || frame.imageChannels != 3) {
      throw new InvalidOptionException(
          "image to augment",
          "3 channels of 8 bits",
          frame.imageChannels + " channels of depth " + frame.imageDepth);
    }
    ByteBuffer from = (ByteBuffer) frame.image[0];
    byte[] samples = new byte[3 * frame.imageWidth * frame.imageHeight];
    int to = 0;
    for (int y = 0; y < frame.imageHeight; y++) {
      int row = y * frame.imageStride;
      for (int x = 0; x < frame.imageWidth; x++) {
        for (int channel = 2; channel >= 0; channel--) {
          samples[to++] = from.get(row + 3 * x + channel);
        }
      }
    }
    return new RgbImage(frame.imageWidth, frame.imageHeight, samples);
  }

  private static Frame toFrame(RgbImage image) {
    Frame frame = new Frame(image.width(), image.height(), Frame.DEPTH_UBYTE, 3);
    ByteBuffer to = (ByteBuffer) frame.image[0];
    for (int y = 0; y < image.height(); y++) {
      int row = y * frame.imageStride;
      for (int x = 0; x < image.width(); x++) {
        for (int channel = 0; channel < 3; channel++) {
          to.put(row + 3 * x + channel, (byte) image.sample(x, y, 2 - channel));
        }
      }
    }
    return frame;
  }

  /** Transforms are equal if they are the same one. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
