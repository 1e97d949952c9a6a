package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.RandomStream;
import io.github.condensenet4j.pipelines.augment.DrawnOperation.Drawn;
import java.util.List;
import java.util.Optional;

/**
 * AugMix (Hendrycks et al., 2020) as timm has it: the picture goes through some chains of
 * operations side by side, their results are averaged with random weights, and the average is
 * blended with the picture.
 *
 * <pre>
 * mixed = Σ_i w_i · chain_i(picture),   w ~ Dirichlet(alpha, …, alpha)
 * result = picture + m · (mixed − picture),   m ~ Beta(alpha, alpha)
 * </pre>
 *
 * @param magnitude mean level, 0 to 10
 * @param width number of chains, at least 1
 * @param depth operations of a chain; 0 for 1, 2 or 3, equally likely
 * @param alpha parameter of both distributions, above 0
 * @param blends whether chains are blended into the picture one after the other, which rounds more
 *     often, instead of being averaged first
 * @param deviation standard deviation of levels, 0 or more; infinite for any level from 0 to {@code
 *     magnitude}
 * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
 */
public record AugMix(
    double magnitude,
    int width,
    int depth,
    double alpha,
    boolean blends,
    double deviation,
    Optional<Interpolation> interpolation)
    implements Augmentation {

  private static final List<ImageOperation> OPERATIONS =
      List.of(
          ImageOperation.AUTO_CONTRAST,
          ImageOperation.COLOR_INCREASING,
          ImageOperation.CONTRAST_INCREASING,
          ImageOperation.BRIGHTNESS_INCREASING,
          ImageOperation.SHARPNESS_INCREASING,
          ImageOperation.EQUALIZE,
          ImageOperation.ROTATE,
          ImageOperation.POSTERIZE_INCREASING,
          ImageOperation.SOLARIZE_INCREASING,
          ImageOperation.SHEAR_X,
          ImageOperation.SHEAR_Y,
          ImageOperation.TRANSLATE_X_REL,
          ImageOperation.TRANSLATE_Y_REL);

  /** Pictures are moved by 0.3 of their side at most, where RandAugment moves them by 0.45. */
  private static final double TRANSLATION = 0.3 / 0.45;

  private static final int DEEPEST = 3;

  /**
   * Checks the numbers.
   *
   * @throws InvalidOptionException if one is out of range
   */
  public AugMix {
    if (!(magnitude >= 0 && magnitude <= ImageOperation.MOST)) {
      throw new InvalidOptionException("--aa magnitude, m", "from 0 to 10", magnitude);
    }
    if (width < 1) {
      throw new InvalidOptionException("--aa number of chains, w", "at least 1", width);
    }
    if (depth < 0) {
      throw new InvalidOptionException("--aa length of chains, d", "at least 0", depth);
    }
    if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new InvalidOptionException("--aa parameter of the mixture, a", "above 0", alpha);
    }
    if (!(deviation >= 0)) {
      throw new InvalidOptionException("--aa deviation, mstd", "at least 0", deviation);
    }
  }

  /**
   * Reads timm's {@code augmix-mM-wW-dD-aA-bB-mstdS}: after {@code augmix}, in any order, magnitude
   * (3), number of chains (3), their length (1 to 3), parameter of the mixture (1), {@code b1} to
   * blend one chain after the other, deviation of the magnitude (0).
   *
   * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
   * @throws InvalidOptionException if {@code text} says anything else
   */
  public static AugMix parse(String text, Optional<Interpolation> interpolation) {
    double magnitude = 3;
    int width = 3;
    int depth = 0;
    double alpha = 1;
    boolean blends = false;
    double deviation = 0;
    for (PolicySection section : PolicySection.of(text, "augmix")) {
      switch (section.key()) {
        case "m" -> magnitude = section.whole();
        case "w" -> width = section.whole();
        case "d" -> depth = section.whole();
        case "a" -> alpha = section.number();
        case "b" -> blends = true;
        case "mstd" -> deviation = section.number();
        default -> throw section.refused("m, w, d, a, b or mstd with a number");
      }
    }
    return new AugMix(magnitude, width, depth, alpha, blends, deviation, interpolation);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    double[] weights = weights(random);
    double share = random.nextBeta(alpha);
    return blends
        ? blended(image, weights, share, random)
        : averaged(image, weights, share, random);
  }

  /** Draws one weight for each chain, summing up to 1. */
  double[] weights(RandomStream random) {
    double[] weights = new double[width];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < width; i++) {
      weights[i] = random.nextLogGamma(alpha);
      largest = Math.max(largest, weights[i]);
    }
    double sum = 0;
    for (int i = 0; i < width; i++) {
      weights[i] = StrictMath.exp(weights[i] - largest);
      sum += weights[i];
    }
    for (int i = 0; i < width; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private RgbImage averaged(RgbImage image, double[] weights, double share, RandomStream random) {
    float[] sums = new float[image.samples().length];
    for (double weight : weights) {
      byte[] samples = chain(image, random).samples();
      float factor = (float) weight;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += factor * (samples[i] & 0xff);
      }
    }
    byte[] mixed = new byte[sums.length];
    for (int i = 0; i < sums.length; i++) {
      mixed[i] = (byte) (int) Math.max(0, Math.min(255, sums[i]));
    }
    return blend(image, mixed, share);
  }

  private RgbImage blended(RgbImage image, double[] weights, double share, RandomStream random) {
    // Later chains cover part of what earlier ones left, so those get more than their share.
    double[] shares = new double[weights.length];
    double left = 1;
    for (int i = weights.length - 1; i >= 0; i--) {
      shares[i] = weights[i] * share / left;
      left *= 1 - shares[i];
    }
    RgbImage result = image;
    for (double one : shares) {
      result = blend(result, chain(image, random).samples(), one);
    }
    return result;
  }

  private RgbImage chain(RgbImage image, RandomStream random) {
    int length = depth > 0 ? depth : 1 + random.nextInt(DEEPEST);
    RgbImage changed = image;
    for (int i = 0; i < length; i++) {
      ImageOperation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      Optional<Drawn> drawn =
          new DrawnOperation(operation, 1, magnitude, deviation, interpolation).draw(random);
      if (drawn.isPresent()) {
        changed = nearer(drawn.get()).apply(changed, random);
      }
    }
    return changed;
  }

  private static Drawn nearer(Drawn drawn) {
    return switch (drawn.operation()) {
      case TRANSLATE_X_REL, TRANSLATE_Y_REL ->
          new Drawn(drawn.operation(), drawn.argument() * TRANSLATION, drawn.interpolation());
      default -> drawn;
    };
  }

  private static RgbImage blend(RgbImage image, byte[] other, double share) {
    float factor = (float) share;
    byte[] from = image.samples();
    byte[] out = new byte[other.length];
    for (int i = 0; i < out.length; i++) {
      int value = from[i] & 0xff;
      out[i] = (byte) (int) (value + factor * ((other[i] & 0xff) - value));
    }
    return new RgbImage(image.width(), image.height(), out);
  }
}
