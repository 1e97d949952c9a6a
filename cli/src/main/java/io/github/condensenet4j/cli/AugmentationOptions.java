package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.AugmentationSplits;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.Mixup;
import io.github.condensenet4j.pipelines.RandomErasing;
import io.github.condensenet4j.pipelines.RandomResizedCropFlip;
import io.github.condensenet4j.pipelines.augment.AugMix;
import io.github.condensenet4j.pipelines.augment.AutoAugment;
import io.github.condensenet4j.pipelines.augment.ColorJitter;
import io.github.condensenet4j.pipelines.augment.RandAugment;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How training images are changed. Names and meanings are those of timm. */
final class AugmentationOptions {

  private static final String NONE = "none";
  private static final String STANDARD = "standard";
  private static final String RANDOM = "random";

  /** Smallest area of the official {@code --less-aggressive-scale-aug}. */
  private static final double LARGER_PARTS = 0.49;

  @Option(
      names = "--aug",
      paramLabel = "none|standard",
      description =
          "How training images are cropped and mirrored; standard, for npz none. The other options"
              + " come on top.")
  private String standard;

  @Option(
      names = "--aa",
      paramLabel = "POLICY",
      description =
          "RandAugment, as in rand-m9-mstd0.5 (further -n2, -p0.5, -inc1, -w0), AutoAugment,"
              + " original, originalr, v0 or v0r, or AugMix, as in augmix-m3; none without it.")
  private String autoAugment;

  @Option(
      names = "--color-jitter",
      paramLabel = "F",
      description =
          "Change of brightness, contrast and colour by up to this share, unless there is --aa;"
              + " none without it.")
  private Double colorJitter;

  @Option(
      names = "--train-interpolation",
      paramLabel = "random|bilinear|bicubic",
      description = "How training images are resized and turned; random.")
  private String interpolation;

  @Option(
      names = "--less-aggressive-scale-aug",
      paramLabel = "0|1",
      description = "1 cuts out at least 0.49 of a picture's area, not 0.08; 0.")
  private Integer lessAggressive;

  @Option(
      names = "--reprob",
      paramLabel = "F",
      description = "Probability that a part of an image is erased; 0.")
  private Double erasingProbability;

  @Option(
      names = "--remode",
      paramLabel = "const|rand|pixel",
      description = "What is put there: the mean colour, a random one, random pixels; pixel.")
  private String erasingFill;

  @Option(
      names = "--recount",
      paramLabel = "N",
      description = "Parts erased of an image at most; 1.")
  private Integer erasingCount;

  @Option(
      names = "--aug-splits",
      paramLabel = "N",
      description =
          "Versions of each image in a batch: one cropped and mirrored alone, the others changed by"
              + " --aa or --color-jitter as well; 0 for one version.")
  private Integer splits;

  @Option(
      names = "--jsd",
      description =
          "Adds to the loss how far the answers to the versions of an image are apart, as AugMix"
              + " does.")
  private boolean comparesAnswers;

  @Option(names = "--resplit", description = "Erases nothing of the first version of an image.")
  private boolean sparesClean;

  @Option(
      names = "--mixup",
      paramLabel = "F",
      description = "Parameter of the distribution that images are mixed by; 0 mixes none.")
  private Double mixup;

  @Option(
      names = "--mixup-off-epoch",
      paramLabel = "N",
      description = "First epoch in which none are mixed any more; 0 for none.")
  private Integer mixupOffEpoch;

  /**
   * Checks what can be checked without the images.
   *
   * @throws InvalidOptionException if an option is wrong
   */
  void check() {
    policy();
    jitter();
    erasing();
    cutsLess();
    mixup();
    if (splits(Augmentation.none()).count() > 1 && mixup != null && mixup > 0) {
      throw new InvalidOptionException("give --mixup or --aug-splits, not both");
    }
    if (standard != null && !standard.equals(NONE) && !standard.equals(STANDARD)) {
      throw new InvalidOptionException("--aug", "none or standard", standard);
    }
  }

  /**
   * Returns what is done to the pixels of {@code training}, of all its {@link #splits}.
   *
   * @param usual whether images of this kind are changed where nothing is said
   */
  Augmentation augmentation(LabeledImages training, boolean usual) {
    boolean changes = standard == null ? usual : standard.equals(STANDARD);
    Augmentation all = changes ? training.standardAugmentation() : Augmentation.none();
    if (all instanceof RandomResizedCropFlip crop) {
      RandomResizedCropFlip asked = crop.with(interpolation());
      all = cutsLess() ? asked.withMinArea(LARGER_PARTS) : asked;
    }
    Optional<Augmentation> more = hasSplits() ? Optional.empty() : more();
    return more.isEmpty() ? all : changes ? all.andThen(more.get()) : more.get();
  }

  /** Returns what comes on top of cropping and mirroring. */
  private Optional<Augmentation> more() {
    return policy().or(this::jitter);
  }

  private boolean hasSplits() {
    return splits != null && splits != 0;
  }

  /** Tells whether a batch has parts: versions of images, or a first one that is spared. */
  boolean hasParts() {
    return hasSplits() || sparesClean;
  }

  /** Returns which versions of an image training sees; they differ by what comes on top. */
  AugmentationSplits splits() {
    return splits(more().orElse(Augmentation.none()));
  }

  private AugmentationSplits splits(Augmentation change) {
    if (splits != null && (splits < 0 || splits == 1)) {
      throw new InvalidOptionException("--aug-splits", "0, or 2 or more", splits);
    }
    return hasSplits() || comparesAnswers
        ? new AugmentationSplits(hasSplits() ? splits : 1, change, !sparesClean, comparesAnswers)
        : AugmentationSplits.NONE;
  }

  private Optional<Augmentation> policy() {
    Optional<Interpolation> resampling = interpolation();
    if (autoAugment == null) {
      return Optional.empty();
    }
    if (autoAugment.startsWith("rand")) {
      return Optional.of(RandAugment.parse(autoAugment, resampling));
    }
    return Optional.of(
        autoAugment.startsWith("augmix")
            ? AugMix.parse(autoAugment, resampling)
            : AutoAugment.parse(autoAugment, resampling));
  }

  private boolean cutsLess() {
    if (lessAggressive != null && lessAggressive != 0 && lessAggressive != 1) {
      throw new InvalidOptionException("--less-aggressive-scale-aug", "0 or 1", lessAggressive);
    }
    return lessAggressive != null && lessAggressive == 1;
  }

  private Optional<Augmentation> jitter() {
    return colorJitter == null || colorJitter == 0
        ? Optional.empty()
        : Optional.of(new ColorJitter(colorJitter));
  }

  private Optional<Interpolation> interpolation() {
    return switch (interpolation == null ? RANDOM : interpolation) {
      case RANDOM -> Optional.empty();
      case "bilinear" -> Optional.of(Interpolation.BILINEAR);
      case "bicubic" -> Optional.of(Interpolation.BICUBIC);
      default ->
          throw new InvalidOptionException(
              "--train-interpolation", "random, bilinear or bicubic", interpolation);
    };
  }

  /** Returns what is erased of training images. */
  RandomErasing erasing() {
    RandomErasing.Fill fill =
        switch (erasingFill == null ? "pixel" : erasingFill) {
          case "const" -> RandomErasing.Fill.CONST;
          case "rand" -> RandomErasing.Fill.RAND;
          case "pixel" -> RandomErasing.Fill.PIXEL;
          default ->
              throw new InvalidOptionException("--remode", "const, rand or pixel", erasingFill);
        };
    return new RandomErasing(
        erasingProbability == null ? 0 : erasingProbability,
        fill,
        erasingCount == null ? 1 : erasingCount);
  }

  /** Returns how training images are mixed. */
  Mixup mixup() {
    return new Mixup(mixup == null ? 0 : mixup, mixupOffEpoch == null ? 0 : mixupOffEpoch);
  }

  /** Adds what was said to {@code arguments}. */
  void recordIn(Map<String, Object> arguments) {
    put(arguments, "aug", standard);
    put(arguments, "aa", autoAugment);
    put(arguments, "color-jitter", colorJitter);
    put(arguments, "train-interpolation", interpolation);
    put(arguments, "less-aggressive-scale-aug", lessAggressive);
    put(arguments, "reprob", erasingProbability);
    put(arguments, "remode", erasingFill);
    put(arguments, "recount", erasingCount);
    put(arguments, "aug-splits", splits);
    put(arguments, "jsd", comparesAnswers ? true : null);
    put(arguments, "resplit", sparesClean ? true : null);
    put(arguments, "mixup", mixup);
    put(arguments, "mixup-off-epoch", mixupOffEpoch);
  }

  private static void put(Map<String, Object> arguments, String name, Object value) {
    if (value != null) {
      arguments.put(name, value);
    }
  }
}
