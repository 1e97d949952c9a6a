package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The first CondenseNet (Huang et al., CVPR 2018; official class {@code
 * models.condensenet.CondenseNet}): ReLU everywhere, no squeeze-and-excitation, no reactivation.
 *
 * @param stages layers of each dense block
 * @param growth channels that each layer of each block adds
 * @param bottleneck bottleneck channels per channel of growth
 * @param group1x1 groups of the learned 1×1 convolutions
 * @param group3x3 groups of the 3×3 convolutions
 * @param condenseFactor condensation factor of the learned 1×1 convolutions; 1 never drops
 * @param dropRate probability of dropping an input of a learned 1×1 convolution in training
 * @param numClasses number of classes
 * @param imageSize height and width of the input, in pixels
 * @param initStride stride of the first convolution
 */
public record CondenseNetArchitecture(
    List<Integer> stages,
    List<Integer> growth,
    int bottleneck,
    int group1x1,
    int group3x3,
    int condenseFactor,
    double dropRate,
    int numClasses,
    int imageSize,
    int initStride)
    implements Architecture {

  static final String FAMILY = "condensenet";

  /**
   * Checks that the numbers fit.
   *
   * @throws ArchitectureException naming the layer and the numbers that clash
   */
  public CondenseNetArchitecture(
      List<Integer> stages,
      List<Integer> growth,
      int bottleneck,
      int group1x1,
      int group3x3,
      int condenseFactor,
      double dropRate,
      int numClasses,
      int imageSize,
      int initStride) {
    this.stages = List.copyOf(stages);
    this.growth = List.copyOf(growth);
    this.bottleneck = bottleneck;
    this.group1x1 = group1x1;
    this.group3x3 = group3x3;
    this.condenseFactor = condenseFactor;
    this.dropRate = dropRate;
    this.numClasses = numClasses;
    this.imageSize = imageSize;
    this.initStride = initStride;
    ArchitectureRules.check(this);
  }

  static CondenseNetArchitecture read(KnobReader knobs) {
    int imageSize = knobs.number(Knob.IMAGE_SIZE);
    CondenseNetArchitecture network =
        new CondenseNetArchitecture(
            knobs.numbers(Knob.STAGES),
            knobs.numbers(Knob.GROWTH),
            knobs.number(Knob.BOTTLENECK),
            knobs.number(Knob.GROUP_1X1),
            knobs.number(Knob.GROUP_3X3),
            knobs.number(Knob.CONDENSE_FACTOR),
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
    return Activation.RELU;
  }

  @Override
  public boolean squeezes(int block) {
    return false;
  }

  @Override
  public int classifierInputs() {
    return featureChannels();
  }

  @Override
  public Map<Knob, String> knobs() {
    return sharedKnobs(this);
  }

  static Map<Knob, String> sharedKnobs(Architecture network) {
    Map<Knob, String> knobs = new EnumMap<>(Knob.class);
    knobs.put(Knob.STAGES, dashed(network.stages()));
    knobs.put(Knob.GROWTH, dashed(network.growth()));
    knobs.put(Knob.BOTTLENECK, Integer.toString(network.bottleneck()));
    knobs.put(Knob.GROUP_1X1, Integer.toString(network.group1x1()));
    knobs.put(Knob.GROUP_3X3, Integer.toString(network.group3x3()));
    knobs.put(Knob.CONDENSE_FACTOR, Integer.toString(network.condenseFactor()));
    knobs.put(Knob.DROP_RATE, Double.toString(network.dropRate()));
    knobs.put(Knob.NUM_CLASSES, Integer.toString(network.numClasses()));
    knobs.put(Knob.IMAGE_SIZE, Integer.toString(network.imageSize()));
    knobs.put(Knob.INIT_STRIDE, Integer.toString(network.initStride()));
    return knobs;
  }

  private static String dashed(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }
}
