package io.github.condensenet4j.engine;

import io.github.condensenet4j.kernels.GroupProduct;
import io.github.condensenet4j.kernels.GroupWeights;
import io.github.condensenet4j.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What comes after the features: last squeeze-and-excitation, hidden layer and classifier, for some
 * images at once.
 *
 * <p>Values lie as {@code [channels][images]}, so that the images of a batch are the columns of
 * products and the weights, which are most of the network's, are read once for all of them. A
 * single image goes through {@link Kernels#column} instead, to the same bits.
 */
final class Head {

  /** The most images at once. */
  static final int MOST_IMAGES = 32;

  private static final int PARTS_A_THREAD = 2;
  private static final float[] NO_SCRATCH = {};

  private final FoldedNetwork network;
  private final Kernels kernels;
  private final int images;
  private final int threads;
  private final Linear squeeze;
  private final Linear excite;
  private final Linear hidden;
  private final Linear classifier;
  private final long multiplyAdds;
  private final List<Stage> stages = new ArrayList<>();

  private record Linear(GroupWeights weights, GroupProduct product) {}

  /** A part of the head whose chunks do not depend on each other. */
  record Stage(int chunks, Action action) {

    /** What is done with one of the chunks. */
    @FunctionalInterface
    interface Action {
      void run(Memory memory, int chunk);
    }
  }

  /** The values of some images. */
  static final class Memory {

    private final float[] features;
    private final float[] squeezed;
    private final float[] gated;
    private final float[] hidden;
    private final float[] logits;

    private Memory(Head head) {
      FoldedNetwork network = head.network;
      int images = head.images;
      features = new float[network.architecture().featureChannels() * images];
      squeezed = new float[head.squeeze == null ? 0 : head.squeeze.weights().storedRows() * images];
      gated = new float[head.squeeze == null ? 0 : head.excite.weights().storedRows() * images];
      hidden = new float[head.hidden == null ? 0 : head.hidden.weights().storedRows() * images];
      logits = new float[head.classifier.weights().storedRows() * images];
    }

    float[] features() {
      return features;
    }
  }

  /**
   * Plans the head.
   *
   * @param images number of images that lie side by side: 1, or a multiple of 16
   */
  Head(FoldedNetwork network, Kernels kernels, int images, int threads) {
    this.network = network;
    this.kernels = kernels;
    this.images = images;
    this.threads = threads;
    FoldedNetwork.Squeeze last = network.lastSqueeze();
    this.squeeze = last == null ? null : linear(last.squeeze());
    this.excite = last == null ? null : linear(last.excite());
    this.hidden = network.hidden() == null ? null : linear(network.hidden());
    this.classifier =
        linear(
            network.classifier(),
            network.classifierInputs().stream().mapToInt(input -> input * images).toArray());
    this.multiplyAdds =
        Stream.of(squeeze, excite, hidden, classifier)
            .filter(Objects::nonNull)
            .mapToLong(linear -> (long) linear.weights().allRows() * linear.weights().depth())
            .sum();
    if (squeeze != null) {
      stage(squeeze, memory -> memory.features, memory -> memory.squeezed);
      stages.add(gating());
    }
    if (hidden != null) {
      stage(hidden, this::flat, memory -> memory.hidden);
    }
    stage(
        classifier, hidden == null ? this::flat : memory -> memory.hidden, memory -> memory.logits);
  }

  /** Returns how many images lie side by side where {@code count} images come at once. */
  static int imagesFor(int count) {
    return count == 1 ? 1 : (count + PlaneLayout.UNIT - 1) / PlaneLayout.UNIT * PlaneLayout.UNIT;
  }

  Memory newMemory() {
    return new Memory(this);
  }

  int images() {
    return images;
  }

  /** Returns the multiply-adds of one image. */
  long multiplyAdds() {
    return multiplyAdds;
  }

  List<Stage> stages() {
    return stages;
  }

  /** Copies the logits of one image to {@code to}. */
  void takeLogits(Memory memory, int image, float[] to, int at) {
    for (int c = 0; c < network.architecture().numClasses(); c++) {
      to[at + c] = memory.logits[c * images + image];
    }
  }

  private float[] flat(Memory memory) {
    return squeeze == null ? memory.features : memory.gated;
  }

  private Linear linear(GroupWeights weights) {
    return linear(weights, IntStream.range(0, weights.depth()).map(i -> i * images).toArray());
  }

  private Linear linear(GroupWeights weights, int[] inputs) {
    int[] outputs = IntStream.range(0, weights.allRows()).map(row -> row * images).toArray();
    return new Linear(weights, new GroupProduct(weights, inputs, 0, outputs, false));
  }

  /** Chooses one of the arrays of a memory. */
  @FunctionalInterface
  private interface Values {
    float[] of(Memory memory);
  }

  private void stage(Linear linear, Values from, Values to) {
    stages.add(
        byRows(
            linear,
            (memory, fromRow, toRow) ->
                multiply(linear, fromRow, toRow, from.of(memory), to.of(memory))));
  }

  private Stage gating() {
    return byRows(
        excite,
        (memory, fromRow, toRow) -> {
          multiply(excite, fromRow, toRow, memory.squeezed, memory.gated);
          for (int i = fromRow * images; i < toRow * images; i++) {
            memory.gated[i] = memory.features[i] * ImageRun.sigmoid(memory.gated[i]);
          }
        });
  }

  /** Something that is done to a range of rows. */
  @FunctionalInterface
  private interface OnRows {
    void run(Memory memory, int fromRow, int toRow);
  }

  private Stage byRows(Linear linear, OnRows action) {
    int block = linear.weights().blockRows();
    int rows = linear.weights().allRows();
    int blocks = (rows + block - 1) / block;
    int parts = Math.min(blocks, PARTS_A_THREAD * threads);
    return new Stage(
        parts,
        (memory, chunk) ->
            action.run(
                memory,
                blocks * chunk / parts * block,
                Math.min(rows, blocks * (chunk + 1) / parts * block)));
  }

  private void multiply(Linear linear, int fromRow, int toRow, float[] x, float[] y) {
    if (images == 1) {
      kernels.column(linear.weights(), linear.product().inputs(), fromRow, toRow, x, 0, y, 0);
    } else {
      kernels.product(linear.product(), fromRow, toRow, x, 0, y, 0, images, null, 0, NO_SCRATCH);
    }
  }
}
