package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.kernels.GroupProduct;
import io.github.condensenet4j.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Where everything lies for images of one size, and the products with their addresses.
 *
 * <p>One array holds all: the input's planes, and for each dense block its features {@code
 * [channels][plane]}, into which every layer writes its own channels, so that nothing is ever
 * concatenated, and two guarded bottlenecks in turn, so that a layer may start while the one before
 * still reads.
 */
final class ImagePlan {

  private static final int INPUT_CHANNELS = 3;

  // Large arrays lie at the start of a region of the collector G1, 16 bytes of header first: from
  // here on channels begin on cache lines, and no vector of theirs is cut by two.
  private static final int FIRST = 12;

  /**
   * One dense block.
   *
   * @param name as in the model file
   * @param features where its features start
   * @param bottlenecks where its two bottlenecks start, behind the first guard
   */
  record Block(
      String name,
      PlaneLayout plane,
      Mask mask,
      int inChannels,
      int outChannels,
      int features,
      List<Integer> bottlenecks,
      List<Layer> layers) {

    int channelAt(int channel) {
      return features + channel * plane.length();
    }
  }

  /** One dense layer; {@code reactivation} and {@code squeeze} are null where there is none. */
  record Layer(
      String name,
      int inChannels,
      int growth,
      int bottleneck,
      GroupProduct learned,
      GroupProduct grouped,
      FoldedNetwork.Squeeze squeeze,
      GroupProduct reactivation) {}

  /** Ones and zeros of a plane, and how many ones. */
  @SuppressWarnings("ArrayRecordComponent") // Read in inner loops, never given away.
  record Mask(float[] values, int pixels) {}

  private final FoldedNetwork network;
  private final int height;
  private final int width;
  private final int stride;
  private final List<Integer> phases;
  private final int input;
  private final GroupProduct stem;
  private final List<Block> blocks = new ArrayList<>();
  private int length = FIRST;

  ImagePlan(FoldedNetwork network, int height, int width) {
    this.network = network;
    this.height = height;
    this.width = width;
    this.stride = network.architecture().initStride();
    PlaneLayout plane = new PlaneLayout((height - 1) / stride + 1, (width - 1) / stride + 1);
    int halvings = network.blocks().size() - 1;
    if (height < 1 || width < 1 || Math.min(plane.height(), plane.width()) >> halvings < 1) {
      throw new CondenseNetException(
          ("images of %d×%d pixels are too small: the network halves them %d times after its first"
                  + " convolution with stride %d; use larger ones")
              .formatted(height, width, halvings, stride));
    }
    try {
      this.phases =
          stride == 1 ? List.of(0) : stride == 2 ? List.of(0, 1) : List.of(0, 1, stride - 1);
      this.input = guarded(plane, INPUT_CHANNELS * phases.size() * phases.size());
      for (FoldedNetwork.Block block : network.blocks()) {
        blocks.add(block(plane, block));
        plane = plane.halved();
      }
    } catch (ArithmeticException e) {
      throw new CondenseNetException(
          "images of %d×%d pixels need more than %d floats; use smaller ones"
              .formatted(height, width, Integer.MAX_VALUE),
          e);
    }
    this.stem =
        new GroupProduct(
            network.stem(),
            stemInputs(),
            0,
            addresses(network.architecture().initChannels(), blocks.get(0).plane().length()),
            false);
  }

  /** Returns where {@code channels} guarded planes start, behind the first guard. */
  private int guarded(PlaneLayout plane, int channels) {
    int start = length + plane.guard();
    take(Math.addExact(plane.guard(), Math.multiplyExact(channels, plane.guardedLength())));
    return start;
  }

  private void take(int floats) {
    length = Math.addExact(length, floats);
  }

  private Block block(PlaneLayout plane, FoldedNetwork.Block block) {
    int features = length;
    take(Math.multiplyExact(block.description().outChannels(), plane.length()));
    int middle = block.layers().get(0).description().bottleneckChannels();
    List<Integer> bottlenecks = List.of(guarded(plane, middle), guarded(plane, middle));
    List<Layer> layers = new ArrayList<>();
    for (FoldedNetwork.Layer layer : block.layers()) {
      layers.add(
          layer(plane, block.description().name(), layer, bottlenecks.get(layers.size() % 2)));
    }
    return new Block(
        block.description().name(),
        plane,
        new Mask(plane.mask(), plane.height() * plane.width()),
        block.description().inChannels(),
        block.description().outChannels(),
        features,
        bottlenecks,
        List.copyOf(layers));
  }

  private Layer layer(PlaneLayout plane, String block, FoldedNetwork.Layer layer, int bottleneck) {
    int channels = layer.description().inChannels();
    int growth = layer.description().growth();
    int middle = layer.description().bottleneckChannels();

    int groups = layer.learned().groups();
    int[] shuffled = new int[middle];
    for (int row = 0; row < middle; row++) {
      shuffled[row] = FoldedNetwork.shuffled(row, groups, middle) * plane.guardedLength();
    }
    GroupProduct learned =
        new GroupProduct(
            layer.learned(), addresses(layer.index(), 0, plane.length()), 0, shuffled, false);

    int depth = layer.grouped().depth() / 9;
    int[] taps = new int[depth * 9];
    for (int tap = 0; tap < taps.length; tap++) {
      taps[tap] =
          tap / 9 * plane.guardedLength() + (tap % 9 / 3 - 1) * plane.pitch() + (tap % 3 - 1);
    }
    int[] grown = new int[growth];
    for (int c = 0; c < growth; c++) {
      grown[c] = (channels + c) * plane.length();
    }
    GroupProduct grouped =
        new GroupProduct(
            layer.grouped(), taps, depth * plane.guardedLength(), plane.pitch(), grown, false);

    GroupProduct reactivation = null;
    if (layer.reactivation() != null) {
      int parts = layer.reactivation().weights().groups();
      int[] inputs = new int[growth];
      for (int i = 0; i < growth; i++) {
        inputs[i] = (channels + FoldedNetwork.shuffled(i, parts, growth)) * plane.length();
      }
      reactivation =
          new GroupProduct(
              layer.reactivation().weights(),
              inputs,
              0,
              addresses(layer.reactivation().targets(), 0, plane.length()),
              true);
    }
    return new Layer(
        block + "." + layer.description().name(),
        channels,
        growth,
        bottleneck,
        learned,
        grouped,
        layer.squeeze(),
        reactivation);
  }

  /**
   * Returns the addresses of the 27 taps of the first convolution. With a stride, pixels of the
   * input that fall on the same tap lie together in a plane of their own, a phase, so that this
   * convolution has flat shifts too.
   */
  private int[] stemInputs() {
    PlaneLayout plane = blocks.get(0).plane();
    int[] taps = new int[INPUT_CHANNELS * 9];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = tap % 9 / 3 - 1;
      int column = tap % 3 - 1;
      taps[tap] =
          phasePlane(tap / 9, phase(row), phase(column)) * plane.guardedLength()
              + shift(row) * plane.pitch()
              + shift(column);
    }
    return taps;
  }

  private int phase(int tap) {
    return phases.indexOf(Math.floorMod(tap, stride));
  }

  private int shift(int tap) {
    return Math.floorDiv(tap, stride);
  }

  private int phasePlane(int channel, int rowPhase, int columnPhase) {
    return (channel * phases.size() + rowPhase) * phases.size() + columnPhase;
  }

  /**
   * Copies one channel of an image into its phases.
   *
   * @param image {@code [3, height, width]} from {@code at}
   * @return whether all its numbers are finite; with a stride above 3 some lie on no tap, which
   *     then cannot spoil anything
   */
  boolean load(Kernels kernels, float[] image, int at, int channel, float[] memory) {
    PlaneLayout plane = blocks.get(0).plane();
    boolean finite = true;
    for (int rowPhase = 0; rowPhase < phases.size(); rowPhase++) {
      for (int columnPhase = 0; columnPhase < phases.size(); columnPhase++) {
        int column = phases.get(columnPhase);
        int count = Math.max(0, (width - 1 - column + stride) / stride);
        int to = input + phasePlane(channel, rowPhase, columnPhase) * plane.guardedLength();
        for (int row = phases.get(rowPhase); row < height; row += stride) {
          int from = at + (channel * height + row) * width + column;
          finite &= kernels.copyEvery(stride, image, from, memory, to, count);
          to += plane.pitch();
        }
      }
    }
    return finite;
  }

  FoldedNetwork network() {
    return network;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Returns where the planes of the input start. */
  int input() {
    return input;
  }

  GroupProduct stem() {
    return stem;
  }

  List<Block> blocks() {
    return blocks;
  }

  Block lastBlock() {
    return blocks.get(blocks.size() - 1);
  }

  /** Returns the floats that all of this needs. */
  int length() {
    return length;
  }

  /** Returns the multiply-adds of {@code product} for all pixels of {@code block}. */
  long multiplyAdds(GroupProduct product, Block block) {
    return (long) product.weights().allRows() * product.weights().depth() * block.mask().pixels();
  }

  private static int[] addresses(int count, int stride) {
    int[] addresses = new int[count];
    for (int i = 0; i < count; i++) {
      addresses[i] = i * stride;
    }
    return addresses;
  }

  private static int[] addresses(List<Integer> rows, int start, int stride) {
    return rows.stream().mapToInt(row -> start + row * stride).toArray();
  }
}
