package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;
import java.util.List;
import java.util.Map;

/**
 * CondenseNetV2 (Yang et al., CVPR 2021; official class {@code model.condensenetv2.CondenseNetV2}):
 * CondenseNet with sparse feature reactivation, hard-swish and squeeze-and-excitation in later
 * blocks, and a hidden layer before the classifier.
 *
 * @param stages layers of each dense block
 * @param growth channels that each layer of each block adds
 * @param bottleneck bottleneck channels per channel of growth
 * @param group1x1 groups of the learned 1×1 convolutions
 * @param group3x3 groups of the 3×3 convolutions
 * @param groupTrans groups of the sparse feature reactivation
 * @param condenseFactor condensation factor of the learned 1×1 convolutions; 1 never drops
 * @param transFactor condensation factor of the sparse feature reactivation; 1 never drops
 * @param hsStartBlock index of the first block with hard-swish, from 0; past the last block means
 *     never
 * @param seStartBlock index of the first block with squeeze-and-excitation, from 0; past the last
 *     block means never
 * @param lastSeReduction channels per squeezed channel of the last squeeze-and-excitation, the
 *     quotient rounded down
 * @param fcChannel width of the hidden layer before the classifier; 0 leaves it out
 * @param dropRate probability of dropping an input of a learned 1×1 convolution in training
 * @param numClasses number of classes
 * @param imageSize height and width of the input, in pixels
 * @param initStride stride of the first convolution
 */
public record CondenseNetV2Architecture(
    List<Integer> stages,
    List<Integer> growth,
    int bottleneck,
    int group1x1,
    int group3x3,
    int groupTrans,
    int condenseFactor,
    int transFactor,
    int hsStartBlock,
    int seStartBlock,
    int lastSeReduction,
    int fcChannel,
    double dropRate,
    int numClasses,
    int imageSize,
    int initStride)
    implements Architecture {

  static final String FAMILY = "cdnv2";
  private static final int MAX_WIDTH = 65_536;

  /**
   * Checks that the numbers fit.
   *
   * @throws ArchitectureException naming the layer and the numbers that clash
   */
  public CondenseNetV2Architecture(
      List<Integer> stages,
      List<Integer> growth,
      int bottleneck,
      int group1x1,
      int group3x3,
      int groupTrans,
      int condenseFactor,
      int transFactor,
      int hsStartBlock,
      int seStartBlock,
      int lastSeReduction,
      int fcChannel,
      double dropRate,
      int numClasses,
      int imageSize,
      int initStride) {
    this.stages = List.copyOf(stages);
    this.growth = List.copyOf(growth);
    this.bottleneck = bottleneck;
    this.group1x1 = group1x1;
    this.group3x3 = group3x3;
    this.groupTrans = groupTrans;
    this.condenseFactor = condenseFactor;
    this.transFactor = transFactor;
    this.hsStartBlock = hsStartBlock;
    this.seStartBlock = seStartBlock;
    this.lastSeReduction = lastSeReduction;
    this.fcChannel = fcChannel;
    this.dropRate = dropRate;
    this.numClasses = numClasses;
    this.imageSize = imageSize;
    this.initStride = initStride;
    ArchitectureRules.within("group-trans", groupTrans, 1, MAX_WIDTH);
    ArchitectureRules.within("trans-factor", transFactor, 1, MAX_WIDTH);
    ArchitectureRules.within("hs-start-block", hsStartBlock, 0, Integer.MAX_VALUE);
    ArchitectureRules.within("se-start-block", seStartBlock, 0, Integer.MAX_VALUE);
    ArchitectureRules.within("last-se-reduction", lastSeReduction, 1, Integer.MAX_VALUE);
    ArchitectureRules.within("fc-channel", fcChannel, 0, MAX_WIDTH);
    ArchitectureRules.check(this);
    if (lastSqueezeChannels() < 1) {
      throw new ArchitectureException(
          ("features.se_last: %d channels divided by last-se-reduction %d leave no channel; use a"
                  + " last-se-reduction of at most %d")
              .formatted(featureChannels(), lastSeReduction, featureChannels()));
    }
  }

  static CondenseNetV2Architecture read(KnobReader knobs) {
    int imageSize = knobs.number(Knob.IMAGE_SIZE);
    CondenseNetV2Architecture network =
        new CondenseNetV2Architecture(
            knobs.numbers(Knob.STAGES),
            knobs.numbers(Knob.GROWTH),
            knobs.number(Knob.BOTTLENECK),
            knobs.number(Knob.GROUP_1X1),
            knobs.number(Knob.GROUP_3X3),
            knobs.number(Knob.GROUP_TRANS),
            knobs.number(Knob.CONDENSE_FACTOR),
            knobs.number(Knob.TRANS_FACTOR),
            knobs.number(Knob.HS_START_BLOCK),
            knobs.number(Knob.SE_START_BLOCK),
            knobs.number(Knob.LAST_SE_REDUCTION),
            knobs.number(Knob.FC_CHANNEL),
            knobs.fraction(Knob.DROP_RATE),
            knobs.number(Knob.NUM_CLASSES),
            imageSize,
            knobs.numberOr(Knob.INIT_STRIDE, Architecture.usualInitStride(imageSize)));
    knobs.end();
    return network;
  }

  @Override
  public String family() {
    return FAMILY;
  }

  @Override
  public Activation activation(int block) {
    return block >= hsStartBlock ? Activation.HARD_SWISH : Activation.RELU;
  }

  @Override
  public boolean squeezes(int block) {
    return block >= seStartBlock;
  }

  /** Returns the channels between the two layers of the last squeeze-and-excitation. */
  public int lastSqueezeChannels() {
    return featureChannels() / lastSeReduction;
  }

  /** Tells whether there is a hidden layer before the classifier. */
  public boolean hasHiddenLayer() {
    return fcChannel > 0;
  }

  @Override
  public int classifierInputs() {
    return hasHiddenLayer() ? fcChannel : featureChannels();
  }

  @Override
  public Map<Knob, String> knobs() {
    Map<Knob, String> knobs = CondenseNetArchitecture.sharedKnobs(this);
    knobs.put(Knob.GROUP_TRANS, Integer.toString(groupTrans));
    knobs.put(Knob.TRANS_FACTOR, Integer.toString(transFactor));
    knobs.put(Knob.HS_START_BLOCK, Integer.toString(hsStartBlock));
    knobs.put(Knob.SE_START_BLOCK, Integer.toString(seStartBlock));
    knobs.put(Knob.LAST_SE_REDUCTION, Integer.toString(lastSeReduction));
    knobs.put(Knob.FC_CHANNEL, Integer.toString(fcChannel));
    return knobs;
  }
}
