package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.RandomStream;
import io.github.condensenet4j.pipelines.augment.DrawnOperation.Drawn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * RandAugment (Cubuk et al., 2019) as timm has it: some operations drawn from a list, each done
 * with a probability, at levels of magnitude around one number.
 *
 * <p>Without weights operations are drawn with replacement, with weights without. Levels are drawn
 * from a normal distribution and cut to 0 to 10; those operations that have a sign get either one.
 *
 * @param operations what is drawn from
 * @param weights how likely each is, summing up to 1; empty for equally likely
 * @param layers how many are drawn for a picture, at least 1
 * @param probability how often a drawn one is done, 0 to 1
 * @param magnitude mean level, 0 to 10
 * @param deviation standard deviation of the level, 0 or more; infinite for any level from 0 to
 *     {@code magnitude}
 * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
 */
public record RandAugment(
    List<ImageOperation> operations,
    List<Double> weights,
    int layers,
    double probability,
    double magnitude,
    double deviation,
    Optional<Interpolation> interpolation)
    implements Augmentation {

  private static final List<ImageOperation> USUAL =
      List.of(
          ImageOperation.AUTO_CONTRAST,
          ImageOperation.EQUALIZE,
          ImageOperation.INVERT,
          ImageOperation.ROTATE,
          ImageOperation.POSTERIZE,
          ImageOperation.SOLARIZE,
          ImageOperation.SOLARIZE_ADD,
          ImageOperation.COLOR,
          ImageOperation.CONTRAST,
          ImageOperation.BRIGHTNESS,
          ImageOperation.SHARPNESS,
          ImageOperation.SHEAR_X,
          ImageOperation.SHEAR_Y,
          ImageOperation.TRANSLATE_X_REL,
          ImageOperation.TRANSLATE_Y_REL);

  private static final List<ImageOperation> INCREASING =
      List.of(
          ImageOperation.AUTO_CONTRAST,
          ImageOperation.EQUALIZE,
          ImageOperation.INVERT,
          ImageOperation.ROTATE,
          ImageOperation.POSTERIZE_INCREASING,
          ImageOperation.SOLARIZE_INCREASING,
          ImageOperation.SOLARIZE_ADD,
          ImageOperation.COLOR_INCREASING,
          ImageOperation.CONTRAST_INCREASING,
          ImageOperation.BRIGHTNESS_INCREASING,
          ImageOperation.SHARPNESS_INCREASING,
          ImageOperation.SHEAR_X,
          ImageOperation.SHEAR_Y,
          ImageOperation.TRANSLATE_X_REL,
          ImageOperation.TRANSLATE_Y_REL);

  /** Weight set 0 of timm, in the order of the operations. */
  private static final List<Double> WEIGHTS_0 =
      List.of(
          0.025, 0.005, 0.0, 0.3, 0.0, 0.005, 0.005, 0.025, 0.005, 0.005, 0.025, 0.2, 0.2, 0.1,
          0.1);

  /**
   * Checks the numbers.
   *
   * @throws InvalidOptionException if one is out of range
   */
  public RandAugment {
    operations = List.copyOf(operations);
    weights = List.copyOf(weights);
    if (operations.isEmpty() || (!weights.isEmpty() && weights.size() != operations.size())) {
      throw new InvalidOptionException(
          "operations of RandAugment",
          "at least one, and a weight for each or none",
          operations.size() + " with " + weights.size() + " weights");
    }
    long drawable =
        weights.isEmpty() ? Long.MAX_VALUE : weights.stream().filter(weight -> weight > 0).count();
    if (layers < 1 || layers > drawable) {
      throw new InvalidOptionException(
          "--aa number of operations, n",
          weights.isEmpty() ? "at least 1" : "from 1 to the " + drawable + " that have a weight",
          layers);
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw new InvalidOptionException("--aa probability, p", "from 0 to 1", probability);
    }
    if (!(magnitude >= 0 && magnitude <= ImageOperation.MOST)) {
      throw new InvalidOptionException("--aa magnitude, m", "from 0 to 10", magnitude);
    }
    if (!(deviation >= 0)) {
      throw new InvalidOptionException("--aa deviation, mstd", "at least 0", deviation);
    }
  }

  /**
   * Reads timm's {@code rand-mM-mstdS-nN-pP-incI-w0}: after {@code rand}, in any order, magnitude
   * (10), its deviation (0), number of operations (2), probability of each (0.5), {@code inc1} for
   * operations that all get stronger with magnitude, {@code w0} for weighted ones. As in timm,
   * {@code inc} with any number has its effect.
   *
   * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
   * @throws InvalidOptionException if {@code text} says anything else
   */
  public static RandAugment parse(String text, Optional<Interpolation> interpolation) {
    List<ImageOperation> operations = USUAL;
    List<Double> weights = List.of();
    int layers = 2;
    double probability = 0.5;
    double magnitude = ImageOperation.MOST;
    double deviation = 0;
    for (PolicySection section : PolicySection.of(text, "rand")) {
      switch (section.key()) {
        case "m" -> magnitude = section.whole();
        case "mstd" -> deviation = section.number();
        case "n" -> layers = section.whole();
        case "p" -> probability = section.number();
        case "inc" -> operations = INCREASING;
        case "w" -> {
          if (section.whole() != 0) {
            throw section.refused("w0, the only set of weights");
          }
          weights = WEIGHTS_0;
        }
        default -> throw section.refused("m, mstd, n, p, inc or w with a number");
      }
    }
    return new RandAugment(
        operations, weights, layers, probability, magnitude, deviation, interpolation);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    RgbImage changed = image;
    for (Drawn drawn : draw(random)) {
      changed = drawn.apply(changed, random);
    }
    return changed;
  }

  /** Draws what is done to one picture, in order. */
  List<Drawn> draw(RandomStream random) {
    List<ImageOperation> chosen = new ArrayList<>();
    List<Double> left = new ArrayList<>(weights);
    for (int layer = 0; layer < layers; layer++) {
      int index = weights.isEmpty() ? random.nextInt(operations.size()) : weighted(left, random);
      chosen.add(operations.get(index));
      if (!weights.isEmpty()) {
        left.set(index, 0.0);
      }
    }
    List<Drawn> drawn = new ArrayList<>();
    for (ImageOperation operation : chosen) {
      new DrawnOperation(operation, probability, magnitude, deviation, interpolation)
          .draw(random)
          .ifPresent(drawn::add);
    }
    return drawn;
  }

  private static int weighted(List<Double> weights, RandomStream random) {
    double total = weights.stream().mapToDouble(Double::doubleValue).sum();
    double place = random.nextDouble(0, total);
    int last = 0;
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i) > 0) {
        last = i;
        place -= weights.get(i);
        if (place < 0) {
          return i;
        }
      }
    }
    return last;
  }
}
