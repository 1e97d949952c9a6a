package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a 1×1 convolution connects, in the forms that its three products need.
 *
 * @param forward from inputs to outputs, row {@code i} of a panel at {@code i · panel}
 * @param fromFew from the few, row {@code i} at {@code fewAt[i]}, to the numbers of the many: all
 *     inputs if the outputs are few, else the outputs that anything is connected with
 * @param many the numbers of the many of each block of {@code fromFew}
 * @param bundles the outputs that anything is connected with, if the inputs are few; else none
 * @param toFew from each bundle to the numbers of the inputs, unless {@link #outputsAreSparse}
 * @param outputsAreFew whether the outputs are the side of which all rows are packed at once
 * @param allInputs 0, 1, …, one for each input
 * @param allOutputs 0, 1, …, one for each output
 * @param usedInputs inputs that anything is connected with
 * @param usedOutputs outputs that anything is connected with
 * @param fewColumns columns at most for which the few are ready at once
 * @param fewPitch distance between two rows of the few
 * @param fewAt where each row of the few begins
 * @param gradientColumns columns at most of which gradients are made at once
 * @param takesSlabs whether the gradients of weights are taken from the few in slabs
 */
@SuppressWarnings("ArrayRecordComponent") // a plan, never compared
record Connections(
    BlockProduct forward,
    BlockProduct fromFew,
    int[][] many,
    List<RowBundle> bundles,
    List<BlockProduct> toFew,
    boolean outputsAreFew,
    int[] allInputs,
    int[] allOutputs,
    int[] usedInputs,
    int[] usedOutputs,
    int fewColumns,
    int fewPitch,
    int[] fewAt,
    int gradientColumns,
    boolean takesSlabs) {

  /**
   * Columns of the few that are ready at once, at most. Long stretches of the many rows come from
   * memory faster than short ones, and the lanes of a gradient's sums are added up less often; with
   * twice as many, rows leave the second-level cache before they are read again.
   */
  private static final int GRADIENT_COLUMNS = 4096;

  /** Floats of the few that are ready at once: half of a second-level cache of 1 MiB. */
  private static final int FEW_FLOATS = 1 << 17;

  /**
   * Columns at most of which gradients are made at once: some rows of everything, and some of the
   * few, stay in the second-level cache. Measured on whole steps, with 512 to 4,096.
   */
  private static final int LONGEST_STRETCH = 1024;

  /** Partners of one of the few on average from which on it is worth packing into slabs. */
  private static final int MANY_PARTNERS = 64;

  /**
   * Inputs of an output on average up to which it is faster to go output by output: with an eighth
   * of the connections left, outputs have one or two groups of 1 to 4 inputs. Measured on whole
   * steps; with all of 8 bundles are faster.
   */
  private static final int FEW_INPUTS = 6;

  /** Inputs of an output on average up to which it is made again sooner than read from memory. */
  private static final int MOST_REMADE = 16;

  /**
   * Outputs at most that are read together where the inputs are few: with fewer, sums over them
   * would be taken up and put down too often. On whole steps 64 took as long.
   */
  static final int OUTPUTS_OF_A_BUNDLE = 32;

  /**
   * Plans a convolution.
   *
   * @param kept 0 for each of {@code [out, in / groups]} that is dropped, or null if none is
   */
  static Connections of(ConvolutionShape shape, float[] kept, TrainingKernels kernels) {
    int panel = kernels.panel();
    int perOutput = shape.inChannelsPerGroup();
    int[][] inputs = new int[shape.outChannels()][];
    int[][] inputSources = new int[shape.outChannels()][];
    for (int o = 0; o < inputs.length; o++) {
      int row = o * perOutput;
      int first = o / shape.outChannelsPerGroup() * perOutput;
      int[] columns =
          IntStream.range(0, perOutput).filter(c -> kept == null || kept[row + c] != 0).toArray();
      inputs[o] = Arrays.stream(columns).map(c -> first + c).toArray();
      inputSources[o] = Arrays.stream(columns).map(c -> row + c).toArray();
    }
    int[][] outputs = new int[shape.inChannels()][];
    int[][] outputSources = new int[shape.inChannels()][];
    transpose(inputs, inputSources, outputs, outputSources);
    boolean outputsAreFew = shape.outChannels() <= shape.inChannels();
    int few = Math.min(shape.outChannels(), shape.inChannels());
    int fewColumns = Math.max(panel, Math.min(GRADIENT_COLUMNS, FEW_FLOATS / few) / panel * panel);
    // Rows of a power of two would compete for the same lines of the cache.
    int fewPitch = fewColumns + panel;
    BlockProduct fromFew =
        outputsAreFew
            ? BlockProduct.of(outputs, outputSources, o -> CacheLines.row(o, fewPitch), i -> i)
            : toUsedOutputs(inputs, inputSources, fewPitch);
    List<RowBundle> bundles =
        outputsAreFew ? List.of() : RowBundle.of(fromFew, OUTPUTS_OF_A_BUNDLE);
    int[] usedOutputs = used(inputs);
    boolean sparse = !outputsAreFew && isSparse(fromFew, usedOutputs);
    boolean takesSlabs =
        !sparse
            && fromFew.connections() >= MANY_PARTNERS * few
            && few % kernels.slab() == 0
            && areSlabs(outputsAreFew ? outputs : inputs, kernels.slab());
    int stretch =
        sparse
            ? fewColumns
            // A slab is another copy of the few.
            : Math.min(LONGEST_STRETCH, takesSlabs ? fewColumns / 2 : fewColumns);
    return new Connections(
        BlockProduct.of(inputs, inputSources, i -> i * panel, o -> o * panel),
        fromFew,
        IntStream.range(0, fromFew.blocks()).mapToObj(fromFew::outputsOf).toArray(int[][]::new),
        bundles,
        (sparse ? List.<RowBundle>of() : bundles)
            .stream()
                .map(bundle -> bundle.toFew(inputs, inputSources, shape.inChannels(), fewPitch))
                .toList(),
        outputsAreFew,
        IntStream.range(0, outputs.length).toArray(),
        IntStream.range(0, inputs.length).toArray(),
        used(outputs),
        usedOutputs,
        fewColumns,
        fewPitch,
        IntStream.range(0, few).map(i -> CacheLines.row(i, fewPitch)).toArray(),
        Math.max(panel, stretch / panel * panel),
        takesSlabs);
  }

  /** Tells whether each of the many is connected with all of the few of some slabs. */
  private static boolean areSlabs(int[][] partners, int slab) {
    return Arrays.stream(partners).allMatch(few -> isSlabs(few, slab));
  }

  private static boolean isSlabs(int[] few, int slab) {
    boolean whole = few.length % slab == 0;
    for (int k = 0; whole && k < few.length; k += slab) {
      whole = few[k] % slab == 0 && few[k + slab - 1] == few[k] + slab - 1;
    }
    return whole;
  }

  /** Tells whether the inputs are few, and each output has but some of them. */
  boolean outputsAreSparse() {
    return !outputsAreFew && isSparse(fromFew, usedOutputs);
  }

  private static boolean isSparse(BlockProduct fromFew, int[] usedOutputs) {
    return fromFew.connections() <= FEW_INPUTS * usedOutputs.length;
  }

  /** Tells whether making the outputs again costs less than reading them. */
  boolean canRemakeOutputs() {
    return !outputsAreFew && fromFew.connections() <= MOST_REMADE * usedOutputs.length;
  }

  /**
   * Returns the inputs whose gradient is written: without a connection there is nothing to add, but
   * zeros may be to write.
   */
  int[] inputsToWrite(GradientTarget target) {
    return target.accumulates() ? usedInputs : allInputs;
  }

  private static BlockProduct toUsedOutputs(int[][] inputs, int[][] sources, int fewPitch) {
    int[] used = used(inputs);
    return BlockProduct.of(
        Arrays.stream(used).mapToObj(o -> inputs[o]).toArray(int[][]::new),
        Arrays.stream(used).mapToObj(o -> sources[o]).toArray(int[][]::new),
        i -> CacheLines.row(i, fewPitch),
        o -> used[o]);
  }

  /** Returns the rows that have a partner. */
  private static int[] used(int[][] partners) {
    return IntStream.range(0, partners.length).filter(i -> partners[i].length > 0).toArray();
  }

  private static void transpose(
      int[][] inputs, int[][] inputSources, int[][] outputs, int[][] outputSources) {
    int[] sizes = new int[outputs.length];
    for (int[] row : inputs) {
      for (int i : row) {
        sizes[i]++;
      }
    }
    for (int i = 0; i < sizes.length; i++) {
      outputs[i] = new int[sizes[i]];
      outputSources[i] = new int[sizes[i]];
    }
    Arrays.fill(sizes, 0);
    for (int o = 0; o < inputs.length; o++) {
      for (int k = 0; k < inputs[o].length; k++) {
        int i = inputs[o][k];
        outputs[i][sizes[i]] = o;
        outputSources[i][sizes[i]++] = inputSources[o][k];
      }
    }
  }
}
