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
import java.util.Set;

/**
 * AutoAugment (Cubuk et al., 2019): a picture goes through one of 25 pairs of operations, each of
 * them with a probability and level of its own.
 *
 * @param name {@code original}, the paper's policy for ImageNet, or {@code v0}, that of
 *     EfficientNet
 * @param deviation standard deviation of levels, 0 or more
 * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
 */
public record AutoAugment(String name, double deviation, Optional<Interpolation> interpolation)
    implements Augmentation {

  private static final Set<String> NAMES = Set.of("original", "originalr", "v0", "v0r");

  // Operation, probability, level.
  private static final String ORIGINAL =
      """
      PosterizeOriginal 0.4 8, Rotate 0.6 9
      Solarize 0.6 5, AutoContrast 0.6 5
      Equalize 0.8 8, Equalize 0.6 3
      PosterizeOriginal 0.6 7, PosterizeOriginal 0.6 6
      Equalize 0.4 7, Solarize 0.2 4
      Equalize 0.4 4, Rotate 0.8 8
      Solarize 0.6 3, Equalize 0.6 7
      PosterizeOriginal 0.8 5, Equalize 1.0 2
      Rotate 0.2 3, Solarize 0.6 8
      Equalize 0.6 8, PosterizeOriginal 0.4 6
      Rotate 0.8 8, Color 0.4 0
      Rotate 0.4 9, Equalize 0.6 2
      Equalize 0.0 7, Equalize 0.8 8
      Invert 0.6 4, Equalize 1.0 8
      Color 0.6 4, Contrast 1.0 8
      Rotate 0.8 8, Color 1.0 2
      Color 0.8 8, Solarize 0.8 7
      Sharpness 0.4 7, Invert 0.6 8
      ShearX 0.6 5, Equalize 1.0 9
      Color 0.4 0, Equalize 0.6 3
      Equalize 0.4 7, Solarize 0.2 4
      Solarize 0.6 5, AutoContrast 0.6 5
      Invert 0.6 4, Equalize 1.0 8
      Color 0.6 4, Contrast 1.0 8
      Equalize 0.8 8, Equalize 0.6 3
      """;

  private static final String V0 =
      """
      Equalize 0.8 1, ShearY 0.8 4
      Color 0.4 9, Equalize 0.6 3
      Color 0.4 1, Rotate 0.6 8
      Solarize 0.8 3, Equalize 0.4 7
      Solarize 0.4 2, Solarize 0.6 2
      Color 0.2 0, Equalize 0.8 8
      Equalize 0.4 8, SolarizeAdd 0.8 3
      ShearX 0.2 9, Rotate 0.6 8
      Color 0.6 1, Equalize 1.0 2
      Invert 0.4 9, Rotate 0.6 0
      Equalize 1.0 9, ShearY 0.6 3
      Color 0.4 7, Equalize 0.6 0
      Posterize 0.4 6, AutoContrast 0.4 7
      Solarize 0.6 8, Color 0.6 9
      Solarize 0.2 4, Rotate 0.8 9
      Rotate 1.0 7, TranslateYRel 0.8 9
      ShearX 0.0 0, Solarize 0.8 4
      ShearY 0.8 0, Color 0.6 4
      Color 1.0 0, Rotate 0.6 2
      Equalize 0.8 4, Equalize 0.0 8
      Equalize 1.0 4, AutoContrast 0.6 2
      ShearY 0.4 7, SolarizeAdd 0.6 7
      Posterize 0.8 2, Solarize 0.6 10
      Solarize 0.6 8, Equalize 0.6 1
      Color 0.8 6, Rotate 0.4 5
      """;

  /**
   * Checks name and deviation.
   *
   * @throws InvalidOptionException if there is no such policy, or the deviation is below 0
   */
  public AutoAugment {
    if (!NAMES.contains(name)) {
      throw new InvalidOptionException(
          "--aa", "rand-…, augmix-…, original, originalr, v0 or v0r", name);
    }
    if (!(deviation >= 0)) {
      throw new InvalidOptionException("--aa deviation, mstd", "at least 0", deviation);
    }
  }

  /**
   * Reads timm's {@code original-mstdS} or {@code v0-mstdS}.
   *
   * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
   * @throws InvalidOptionException if {@code text} says anything else
   */
  public static AutoAugment parse(String text, Optional<Interpolation> interpolation) {
    String name = text.split("-", -1)[0];
    double deviation = 0;
    for (PolicySection section : PolicySection.of(text, name)) {
      if (!section.key().equals("mstd")) {
        throw section.refused("mstd with a number");
      }
      deviation = section.number();
    }
    return new AutoAugment(name, deviation, interpolation);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    RgbImage changed = image;
    List<List<DrawnOperation>> policy = policy();
    for (DrawnOperation operation : policy.get(random.nextInt(policy.size()))) {
      Optional<Drawn> drawn = operation.draw(random);
      if (drawn.isPresent()) {
        changed = drawn.get().apply(changed, random);
      }
    }
    return changed;
  }

  /** Returns the pairs of operations. */
  List<List<DrawnOperation>> policy() {
    List<List<DrawnOperation>> policy = new ArrayList<>();
    for (String pair : (name.startsWith("v0") ? V0 : ORIGINAL).lines().toList()) {
      List<DrawnOperation> operations = new ArrayList<>();
      for (String operation : pair.split(", ", -1)) {
        String[] parts = operation.split(" ", -1);
        operations.add(
            new DrawnOperation(
                operation(parts[0]),
                Double.parseDouble(parts[1]),
                Integer.parseInt(parts[2]),
                deviation,
                interpolation));
      }
      policy.add(operations);
    }
    return policy;
  }

  private ImageOperation operation(String timmName) {
    return name.endsWith("r") && timmName.startsWith("Posterize")
        ? ImageOperation.POSTERIZE_INCREASING
        : ImageOperation.ofTimmName(timmName);
  }
}
