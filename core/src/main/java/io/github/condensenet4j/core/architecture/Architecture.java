package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.InvalidOptionException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A network of the CondenseNet family as a value: its knobs, checked, and what follows from them.
 *
 * <p>Both families are a 3×3 convolution, dense blocks with 2×2 average pooling between them,
 * normalisation, ReLU, global average pooling and a linear classifier (CondenseNet, section 4;
 * CondenseNetV2, section 4). Images are square with three channels.
 */
public sealed interface Architecture permits CondenseNetArchitecture, CondenseNetV2Architecture {

  /** Returns the name of the free model of this family, {@code condensenet} or {@code cdnv2}. */
  String family();

  /** Returns the number of layers of each dense block. */
  List<Integer> stages();

  /** Returns the channels that each layer of each block adds. */
  List<Integer> growth();

  /** Returns the bottleneck's channels per channel of growth. */
  int bottleneck();

  /** Returns the groups of the learned 1×1 convolutions. */
  int group1x1();

  /** Returns the groups of the 3×3 convolutions. */
  int group3x3();

  /** Returns how many times fewer connections the learned 1×1 convolutions keep in the end. */
  int condenseFactor();

  /** Returns the probability with which training drops an input of a learned 1×1 convolution. */
  double dropRate();

  /** Returns the number of classes. */
  int numClasses();

  /** Returns height and width of the input, in pixels. */
  int imageSize();

  /** Returns the stride of the first convolution. */
  int initStride();

  /** Returns the non-linearity of the block with this index, counted from 0. */
  Activation activation(int block);

  /** Tells whether the layers of the block with this index, counted from 0, squeeze and excite. */
  boolean squeezes(int block);

  /** Returns the inputs of the classifier (before CondenseNet's conversion halves them). */
  int classifierInputs();

  /** Returns every knob of this family with its value, as {@link #with} reads it. */
  Map<Knob, String> knobs();

  /** Returns the channels of the first convolution: twice the first growth. */
  default int initChannels() {
    return 2 * growth().get(0);
  }

  /** Returns height and width after the first convolution, in pixels. */
  default int initSize() {
    return (imageSize() - 1) / initStride() + 1;
  }

  /** Returns the dense blocks, in order. */
  default List<DenseBlockDescription> blocks() {
    List<DenseBlockDescription> blocks = new ArrayList<>();
    int channels = initChannels();
    int size = initSize();
    for (int b = 0; b < stages().size(); b++) {
      int growth = growth().get(b);
      List<DenseLayerDescription> layers = new ArrayList<>();
      for (int l = 0; l < stages().get(b); l++) {
        layers.add(
            new DenseLayerDescription(
                "denselayer_" + (l + 1), channels + l * growth, bottleneck() * growth, growth));
      }
      DenseBlockDescription block =
          new DenseBlockDescription(
              "denseblock_" + (b + 1), channels, growth, size, activation(b), squeezes(b), layers);
      blocks.add(block);
      channels = block.outChannels();
      size /= 2;
    }
    return blocks;
  }

  /** Returns the channels after the last block. */
  default int featureChannels() {
    int channels = initChannels();
    for (int b = 0; b < stages().size(); b++) {
      channels += stages().get(b) * growth().get(b);
    }
    return channels;
  }

  /** Returns height and width of the features after the last block, in pixels. */
  default int featureSize() {
    return initSize() >> (stages().size() - 1);
  }

  /**
   * Returns this architecture with some knobs turned. The first convolution's stride follows the
   * image size if only that is given.
   *
   * @param changes values as on the command line: {@code 4-4-4} for stages and growth, else numbers
   * @throws InvalidOptionException if a value is no such number, or this family has no such knob
   * @throws ArchitectureException if the numbers clash
   */
  default Architecture with(Map<Knob, String> changes) {
    Map<Knob, String> values = new EnumMap<>(knobs());
    if (changes.containsKey(Knob.IMAGE_SIZE)) {
      values.remove(Knob.INIT_STRIDE);
    }
    values.putAll(changes);
    return of(family(), values);
  }

  /**
   * Creates the architecture of a family from the values of its knobs.
   *
   * @param family {@code condensenet} or {@code cdnv2}
   * @param values every knob of the family; {@link Knob#INIT_STRIDE} may be left out and follows
   *     the image size
   * @throws InvalidOptionException if a value is missing, is no such number, or belongs to no knob
   *     of the family
   * @throws ArchitectureException if the numbers clash, or there is no such family
   */
  static Architecture of(String family, Map<Knob, String> values) {
    KnobReader knobs = new KnobReader(family, values);
    return switch (family) {
      case CondenseNetArchitecture.FAMILY -> CondenseNetArchitecture.read(knobs);
      case CondenseNetV2Architecture.FAMILY -> CondenseNetV2Architecture.read(knobs);
      default ->
          throw new ArchitectureException(
              "family",
              CondenseNetArchitecture.FAMILY + " or " + CondenseNetV2Architecture.FAMILY,
              family);
    };
  }

  /** Returns the usual stride of the first convolution: 1 up to 64 pixels, else 2. */
  static int usualInitStride(int imageSize) {
    return imageSize <= 64 ? 1 : 2;
  }
}
