package io.github.condensenet4j.engine;

import io.github.condensenet4j.engine.LayerTime.Operation;
import io.github.condensenet4j.kernels.GroupWeights;
import io.github.condensenet4j.kernels.Kernels;
import io.github.condensenet4j.kernels.Normalization;
import java.util.stream.IntStream;

/**
 * The memory of one image on its way through a plan, and the passes over it.
 *
 * <p>Every pass works on a range of pixels, rows or channels, so that a single thread can go
 * through a layer band by band while its data are in the cache, and several threads can share an
 * image. The ranges change no bit of the result.
 */
final class ImageRun {

  // Floats that a band of a layer may touch: what fits into a second-level cache beside weights.
  private static final int BAND_FLOATS = 100_000;

  private static final int LEAST_BAND = 64;

  private final ImagePlan plan;
  private final Kernels kernels;
  private final float[] memory;
  private final float[] means;
  private final float[] squeezed;
  private final float[] gates;
  private final int[] identity;
  private final Stopwatch stopwatch;
  private boolean spoiled;

  ImageRun(ImagePlan plan, Kernels kernels, Stopwatch stopwatch) {
    this.plan = plan;
    this.kernels = kernels;
    this.stopwatch = stopwatch;
    this.memory = new float[plan.length()];
    int growth =
        plan.blocks().stream()
            .flatMap(block -> block.layers().stream())
            .mapToInt(ImagePlan.Layer::growth)
            .max()
            .orElse(0);
    this.means = new float[growth];
    int factors =
        plan.blocks().stream()
            .flatMap(block -> block.layers().stream())
            .filter(layer -> layer.squeeze() != null)
            .mapToInt(layer -> layer.squeeze().excite().storedRows())
            .max()
            .orElse(0);
    this.squeezed = new float[factors];
    this.gates = new float[factors];
    this.identity = IntStream.range(0, growth).toArray();
  }

  /** Returns the scratch that each thread working on images of this plan needs. */
  static float[] scratch(ImagePlan plan, Kernels kernels) {
    int longest = 0;
    for (ImagePlan.Block block : plan.blocks()) {
      for (ImagePlan.Layer layer : block.layers()) {
        longest = Math.max(longest, kernels.scratchLength(layer.learned().weights()));
        if (layer.reactivation() != null) {
          longest = Math.max(longest, kernels.scratchLength(layer.reactivation().weights()));
        }
      }
    }
    return new float[longest];
  }

  ImagePlan plan() {
    return plan;
  }

  /** Forgets the image before. */
  void begin() {
    spoiled = false;
  }

  /** Tells whether the image holds numbers that are not finite; its results mean nothing then. */
  boolean isSpoiled() {
    return spoiled;
  }

  /** Takes over one channel of an image {@code [3, height, width]}. */
  void load(float[] images, int at, int channel) {
    long start = stopwatch.start();
    if (!plan.load(kernels, images, at, channel, memory)) {
      spoiled = true;
    }
    stopwatch.stop("image", Operation.LOAD, 0, start);
  }

  /** Goes through the whole plan, layer by layer and band by band. */
  void runAlone(float[] images, int at, float[] scratch) {
    begin();
    for (int channel = 0; channel < 3; channel++) {
      load(images, at, channel);
    }
    if (spoiled) {
      return;
    }
    stem(0, plan.blocks().get(0).plane().length());
    for (int b = 0; b < plan.blocks().size(); b++) {
      ImagePlan.Block block = plan.blocks().get(b);
      if (b > 0) {
        pool(plan.blocks().get(b - 1), block, 0, block.inChannels());
      }
      for (ImagePlan.Layer layer : block.layers()) {
        if (layer.squeeze() == null) {
          layerInBands(block, layer, scratch);
        } else {
          squeezedLayer(block, layer, scratch);
        }
      }
    }
  }

  private void layerInBands(ImagePlan.Block block, ImagePlan.Layer layer, float[] scratch) {
    int length = block.plane().length();
    int band = band(layer);
    int learned = 0;
    for (int from = 0; from < length; from += band) {
      int to = Math.min(length, from + band);
      // The 3×3 convolution looks one row and one pixel ahead; and the reactivation changes
      // features,
      // so that the learned convolution must have read them before.
      int needed = Math.min(length, to + block.plane().guard());
      learned(block, layer, learned, needed, scratch);
      learned = needed;
      grouped(block, layer, from, to);
      reactivate(block, layer, from, to, scratch);
    }
  }

  private void squeezedLayer(ImagePlan.Block block, ImagePlan.Layer layer, float[] scratch) {
    int length = block.plane().length();
    learned(block, layer, 0, length, scratch);
    grouped(block, layer, 0, length);
    squeeze(block, layer);
    int band = band(layer);
    for (int from = 0; from < length; from += band) {
      int to = Math.min(length, from + band);
      excite(block, layer, from, to);
      reactivate(block, layer, from, to, scratch);
    }
  }

  private static int band(ImagePlan.Layer layer) {
    int channels = layer.inChannels() + layer.growth() + layer.learned().weights().allRows();
    return Math.max(LEAST_BAND, BAND_FLOATS / channels / LEAST_BAND * LEAST_BAND);
  }

  /** The first convolution. */
  void stem(int from, int to) {
    long start = stopwatch.start();
    ImagePlan.Block block = plan.blocks().get(0);
    kernels.product(
        plan.stem(),
        0,
        plan.stem().weights().allRows(),
        memory,
        plan.input() + from,
        memory,
        block.features() + from,
        to - from,
        null,
        0,
        memory);
    stopwatch.stop(
        "features.init_conv", Operation.STEM, plan.multiplyAdds(plan.stem(), block), start);
  }

  /** The learned 1×1 convolution on some pixels. */
  void learned(ImagePlan.Block block, ImagePlan.Layer layer, int from, int to, float[] scratch) {
    learned(block, layer, 0, layer.learned().weights().allRows(), from, to, scratch);
  }

  /** Some outputs of the learned 1×1 convolution on all pixels. */
  void learnedRows(
      ImagePlan.Block block, ImagePlan.Layer layer, int fromRow, int toRow, float[] scratch) {
    learned(block, layer, fromRow, toRow, 0, block.plane().length(), scratch);
  }

  private void learned(
      ImagePlan.Block block,
      ImagePlan.Layer layer,
      int fromRow,
      int toRow,
      int from,
      int to,
      float[] scratch) {
    long start = stopwatch.start();
    kernels.product(
        layer.learned(),
        fromRow,
        toRow,
        memory,
        block.features() + from,
        memory,
        layer.bottleneck() + from,
        to - from,
        block.mask().values(),
        from,
        scratch);
    stopwatch.stop(
        layer.name(), Operation.LEARNED, plan.multiplyAdds(layer.learned(), block), start);
  }

  /** The 3×3 convolution on some pixels. */
  void grouped(ImagePlan.Block block, ImagePlan.Layer layer, int from, int to) {
    grouped(block, layer, 0, layer.growth(), from, to);
  }

  /** Some outputs of the 3×3 convolution on all pixels. */
  void groupedRows(ImagePlan.Block block, ImagePlan.Layer layer, int fromRow, int toRow) {
    grouped(block, layer, fromRow, toRow, 0, block.plane().length());
  }

  private void grouped(
      ImagePlan.Block block, ImagePlan.Layer layer, int fromRow, int toRow, int from, int to) {
    long start = stopwatch.start();
    kernels.product(
        layer.grouped(),
        fromRow,
        toRow,
        memory,
        layer.bottleneck() + from,
        memory,
        block.features() + from,
        to - from,
        null,
        0,
        memory);
    stopwatch.stop(
        layer.name(), Operation.GROUPED, plan.multiplyAdds(layer.grouped(), block), start);
  }

  /** Computes the factors of squeeze-and-excitation from all pixels. */
  void squeeze(ImagePlan.Block block, ImagePlan.Layer layer) {
    long start = stopwatch.start();
    PlaneLayout plane = block.plane();
    kernels.means(
        null,
        0,
        layer.growth(),
        memory,
        block.channelAt(layer.inChannels()),
        plane.length(),
        plane.length(),
        block.mask().values(),
        0,
        1f / block.mask().pixels(),
        means,
        0,
        1);
    column(layer.squeeze().squeeze(), means, squeezed);
    column(layer.squeeze().excite(), squeezed, gates);
    for (int c = 0; c < layer.growth(); c++) {
      gates[c] = sigmoid(gates[c]);
    }
    stopwatch.stop(layer.name(), Operation.SQUEEZE, 0, start);
  }

  private void column(GroupWeights weights, float[] x, float[] y) {
    kernels.column(weights, identity, 0, weights.allRows(), x, 0, y, 0);
  }

  /** Multiplies the layer's channels with those factors. */
  void excite(ImagePlan.Block block, ImagePlan.Layer layer, int from, int to) {
    long start = stopwatch.start();
    kernels.scale(
        memory,
        block.channelAt(layer.inChannels()) + from,
        block.plane().length(),
        layer.growth(),
        to - from,
        gates,
        0);
    stopwatch.stop(layer.name(), Operation.EXCITE, 0, start);
  }

  /** Adds the reactivated features, if the layer has any. */
  void reactivate(ImagePlan.Block block, ImagePlan.Layer layer, int from, int to, float[] scratch) {
    if (layer.reactivation() == null) {
      return;
    }
    long start = stopwatch.start();
    kernels.product(
        layer.reactivation(),
        0,
        layer.reactivation().weights().allRows(),
        memory,
        block.features() + from,
        memory,
        block.features() + from,
        to - from,
        null,
        0,
        scratch);
    stopwatch.stop(
        layer.name(), Operation.REACTIVATE, plan.multiplyAdds(layer.reactivation(), block), start);
  }

  /** Halves height and width on the way into the next block. */
  void pool(ImagePlan.Block block, ImagePlan.Block next, int fromChannel, int toChannel) {
    long start = stopwatch.start();
    PlaneLayout plane = next.plane();
    for (int channel = fromChannel; channel < toChannel; channel++) {
      int to = next.channelAt(channel);
      kernels.average2x2(
          memory,
          block.channelAt(channel),
          block.plane().pitch(),
          memory,
          to,
          plane.pitch(),
          plane.height(),
          plane.width());
      // Reactivations add to the padding too, and would let it grow from image to image.
      plane.clearPadding(memory, to);
    }
    stopwatch.stop(block.name(), Operation.POOL, 0, start);
  }

  /** Normalises and averages the last channels into {@code features[c · step]}. */
  void features(int fromChannel, int toChannel, float[] features, int at, int step) {
    long start = stopwatch.start();
    ImagePlan.Block block = plan.lastBlock();
    Normalization norm = plan.network().lastNorm();
    kernels.means(
        norm,
        fromChannel,
        toChannel,
        memory,
        block.features(),
        block.plane().length(),
        block.plane().length(),
        block.mask().values(),
        0,
        1f / block.mask().pixels(),
        features,
        at,
        step);
    stopwatch.stop("features.norm_last", Operation.FEATURES, 0, start);
  }

  static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }
}
