package io.github.condensenet4j.core.architecture;

/** The numbers that can be chosen, with their names on the command line and in files. */
public enum Knob {
  /** Layers of each dense block. */
  STAGES("stages"),
  /** Channels that each layer of each block adds. */
  GROWTH("growth"),
  /** Bottleneck channels per channel of growth. */
  BOTTLENECK("bottleneck"),
  /** Groups of the learned 1×1 convolutions. */
  GROUP_1X1("group-1x1"),
  /** Groups of the 3×3 convolutions. */
  GROUP_3X3("group-3x3"),
  /** Groups of the sparse feature reactivation; CondenseNetV2 only. */
  GROUP_TRANS("group-trans"),
  /** Condensation factor of the learned 1×1 convolutions. */
  CONDENSE_FACTOR("condense-factor"),
  /** Condensation factor of the sparse feature reactivation; CondenseNetV2 only. */
  TRANS_FACTOR("trans-factor"),
  /** Index of the first block with hard-swish, from 0; CondenseNetV2 only. */
  HS_START_BLOCK("hs-start-block"),
  /** Index of the first block with squeeze-and-excitation, from 0; CondenseNetV2 only. */
  SE_START_BLOCK("se-start-block"),
  /** Reduction of the last squeeze-and-excitation; CondenseNetV2 only. */
  LAST_SE_REDUCTION("last-se-reduction"),
  /** Width of the hidden layer before the classifier, 0 for none; CondenseNetV2 only. */
  FC_CHANNEL("fc-channel"),
  /** Probability of dropping an input of a learned 1×1 convolution in training. */
  DROP_RATE("dropout"),
  /** Number of classes. */
  NUM_CLASSES("num-classes"),
  /** Height and width of the input, in pixels. */
  IMAGE_SIZE("image-size"),
  /** Stride of the first convolution. */
  INIT_STRIDE("init-stride");

  private final String spelling;

  Knob(String spelling) {
    this.spelling = spelling;
  }

  /** Returns the name of the option without its dashes, {@code group-1x1}. */
  public String spelling() {
    return spelling;
  }
}
