package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Reverse;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mixup (Zhang et al., 2018) as timm has it: each image of a batch is mixed with the one at the
 * same place from the batch's end, labels in the same shares.
 *
 * <pre>
 * share ~ Beta(alpha, alpha), one for a batch
 * image_i = share · image_i + (1 − share) · image_(n−1−i)
 * </pre>
 *
 * <p>Mixed before erasing, as there; not rounded to whole grey levels in between, as timm's loader
 * does, so up to half a grey level may lie between the two.
 *
 * @param alpha parameter of the distribution; 0 mixes nothing
 * @param offEpoch first epoch, counted from 0, in which nothing is mixed any more; 0 for none
 */
public record Mixup(double alpha, long offEpoch) {

  /** Mixes nothing. */
  public static final Mixup NONE = new Mixup(0, 0);

  /**
   * Checks the numbers.
   *
   * @throws InvalidOptionException if one is out of range
   */
  public Mixup {
    if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new InvalidOptionException("--mixup", "a finite number of at least 0", alpha);
    }
    if (offEpoch < 0) {
      throw new InvalidOptionException("--mixup-off-epoch", "at least 0", offEpoch);
    }
  }

  /** Tells whether images are mixed in {@code epoch}. */
  boolean isOn(long epoch) {
    return alpha > 0 && (offEpoch == 0 || epoch < offEpoch);
  }

  /**
   * Mixes a batch.
   *
   * @param values {@code [count, length]}, images
   * @param labels {@code [count, classes]}
   */
  void apply(
      float[] values, int length, float[] labels, int classes, int count, RandomStream random) {
    float share = (float) share(random);
    mix(values, length, count, share);
    mix(labels, classes, count, share);
  }

  /**
   * Mixes a batch whose images are on the device, like {@link #apply(float[], int, float[], int,
   * int, RandomStream)}.
   */
  void apply(INDArray images, float[] labels, int classes, RandomStream random) {
    float share = (float) share(random);
    int count = (int) images.size(0);
    INDArray mirrored = images.ulike();
    Nd4j.exec(new Reverse(images, mirrored, 0));
    int first = count / 2;
    // The one in the middle is left alone, as there.
    INDArray middle = count % 2 == 1 ? images.slice(first).dup() : null;
    images.muli(share).addi(mirrored.muli(1 - share));
    if (middle != null) {
      images.slice(first).assign(middle);
    }
    mix(labels, classes, count, share);
  }

  private static void mix(float[] rows, int length, int count, float share) {
    for (int first = 0; first < count / 2; first++) {
      int a = first * length;
      int b = (count - 1 - first) * length;
      for (int i = 0; i < length; i++) {
        float one = rows[a + i];
        float other = rows[b + i];
        rows[a + i] = share * one + (1 - share) * other;
        rows[b + i] = share * other + (1 - share) * one;
      }
    }
  }

  /** Draws from Beta(alpha, alpha). */
  double share(RandomStream random) {
    return random.nextBeta(alpha);
  }
}
