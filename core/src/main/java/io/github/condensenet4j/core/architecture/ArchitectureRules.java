package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;
import java.util.List;

/** The rules that the numbers of an architecture keep, and the words for those that do not. */
final class ArchitectureRules {

  // Far above every published network; below them no later sum of channels can overflow, and a
  // description from a hostile file cannot ask for more than the machine has.
  private static final int MAX_BLOCKS = 16;
  private static final int MAX_LAYERS = 1_000;
  private static final int MAX_WIDTH = 65_536;
  private static final int MAX_CLASSES = 1_000_000;
  private static final int MAX_IMAGE = 8_192;

  private ArchitectureRules() {}

  static void check(Architecture network) {
    checkBlocks(network.stages(), network.growth());
    within("bottleneck", network.bottleneck(), 1, MAX_WIDTH);
    within("group-1x1", network.group1x1(), 1, MAX_WIDTH);
    within("group-3x3", network.group3x3(), 1, MAX_WIDTH);
    within("condense-factor", network.condenseFactor(), 1, MAX_WIDTH);
    within("num-classes", network.numClasses(), 1, MAX_CLASSES);
    within("image-size", network.imageSize(), 1, MAX_IMAGE);
    within("init-stride", network.initStride(), 1, network.imageSize());
    // Written so that not-a-number is refused as well.
    if (!(network.dropRate() >= 0 && network.dropRate() < 1)) {
      throw new ArchitectureException("dropout", "at least 0 and less than 1", network.dropRate());
    }
    checkSizes(network);
    for (int b = 0; b < network.stages().size(); b++) {
      long bottleneck = (long) network.bottleneck() * network.growth().get(b);
      within("denseblock_" + (b + 1) + ": bottleneck times growth", bottleneck, 1, MAX_WIDTH);
    }
    for (DenseBlockDescription block : network.blocks()) {
      for (DenseLayerDescription layer : block.layers()) {
        checkLayer(network, block.name() + "." + layer.name(), layer);
      }
    }
  }

  static void within(String quantity, long found, long least, long most) {
    if (found < least || found > most) {
      throw new ArchitectureException(quantity, "from " + least + " to " + most, found);
    }
  }

  private static void checkBlocks(List<Integer> stages, List<Integer> growth) {
    within("number of stages", stages.size(), 1, MAX_BLOCKS);
    if (stages.size() != growth.size()) {
      throw new ArchitectureException(
          "there are %d stages (%s) but %d growth rates (%s); give one growth rate a stage"
              .formatted(stages.size(), stages, growth.size(), growth));
    }
    long channels = 2L * growth.get(0);
    for (int b = 0; b < stages.size(); b++) {
      within("layers of denseblock_" + (b + 1), stages.get(b), 1, MAX_LAYERS);
      within("growth of denseblock_" + (b + 1), growth.get(b), 1, MAX_WIDTH);
      channels += (long) stages.get(b) * growth.get(b);
    }
    within("channels after the last block", channels, 1, MAX_WIDTH);
  }

  private static void checkSizes(Architecture network) {
    if (network.featureSize() < 1) {
      throw new ArchitectureException(
          ("images of %d pixels are too small for %d blocks: the first convolution with stride %d"
                  + " leaves %d, and each of the %d poolings between blocks halves that; use larger"
                  + " images, fewer stages or a smaller stride")
              .formatted(
                  network.imageSize(),
                  network.stages().size(),
                  network.initStride(),
                  network.initSize(),
                  network.stages().size() - 1));
    }
  }

  private static void checkLayer(Architecture network, String name, DenseLayerDescription layer) {
    String learned = name + ".conv_1";
    divides(learned, layer.inChannels(), "input channels", network.group1x1(), "group-1x1");
    divides(
        learned, layer.inChannels(), "input channels", network.condenseFactor(), "condense-factor");
    divides(
        learned, layer.bottleneckChannels(), "output channels", network.group1x1(), "group-1x1");
    String grouped = name + ".conv_2";
    divides(grouped, layer.bottleneckChannels(), "input channels", network.group3x3(), "group-3x3");
    divides(grouped, layer.growth(), "output channels", network.group3x3(), "group-3x3");
    if (network instanceof CondenseNetV2Architecture v2) {
      String reactivation = name + ".sfr";
      divides(reactivation, layer.growth(), "input channels", v2.groupTrans(), "group-trans");
      divides(reactivation, layer.inChannels(), "output channels", v2.groupTrans(), "group-trans");
      divides(
          reactivation, layer.inChannels(), "output channels", v2.transFactor(), "trans-factor");
    }
  }

  private static void divides(String layer, int channels, String which, int divisor, String knob) {
    if (channels % divisor != 0) {
      throw new ArchitectureException(
          "%s: %d %s cannot be divided by %s %d; change stages, growth or %s"
              .formatted(layer, channels, which, knob, divisor, knob));
    }
  }
}
