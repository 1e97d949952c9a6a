package io.github.condensenet4j.kernels.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Which inputs each output of a product is connected with, cut into blocks for {@link
 * TrainingKernels#multiply}.
 *
 * <p>Outputs that are connected with the same inputs go into blocks of 8, 4, 2 or 1, so that an
 * input is loaded once for a block. In a learned group convolution that are the outputs of a group;
 * in its transpose, inputs that the same groups have kept. Nothing is computed for connections that
 * are not there.
 */
public final class BlockProduct {

  /** Outputs of a block at most. */
  public static final int MOST_ROWS = 8;

  /** Outputs of each block. */
  final int[] rows;

  /** Inputs of each block. */
  final int[] depth;

  /** Where the addresses of each block's inputs begin in {@link #inputs}. */
  final int[] inputsAt;

  /** Where the addresses of each block's outputs begin in {@link #outputs}. */
  final int[] outputsAt;

  /** Where each block's weights begin: {@code [depth][rows]}. */
  final int[] weightsAt;

  final int[] inputs;
  final int[] outputs;

  /** Where the weight of an input lies after that of the block's first one. */
  private final int[] sourcesOfInputs;

  /** Where the weight of an output and its first input lies. */
  private final int[] sourcesOfOutputs;

  private final int connections;

  /** Where weights lie, rising, and which of the gathered ones each is; made when asked for. */
  private int[] sources;

  private int[] gatheredOf;

  private BlockProduct(List<Block> blocks, IntUnaryOperator inputAt, IntUnaryOperator outputAt) {
    int count = blocks.size();
    rows = new int[count];
    depth = new int[count];
    inputsAt = new int[count];
    outputsAt = new int[count];
    weightsAt = new int[count];
    IntList allInputs = new IntList();
    IntList allOutputs = new IntList();
    IntList ofInputs = new IntList();
    IntList ofOutputs = new IntList();
    int weights = 0;
    for (int b = 0; b < count; b++) {
      Block block = blocks.get(b);
      Shared shared = block.shared;
      rows[b] = block.outputs.length;
      depth[b] = shared.inputs.length;
      weightsAt[b] = weights;
      outputsAt[b] = allOutputs.size;
      // Blocks with the same inputs follow each other and share their addresses.
      boolean shares = b > 0 && shared.inputs == blocks.get(b - 1).shared.inputs;
      inputsAt[b] = shares ? inputsAt[b - 1] : allInputs.size;
      if (!shares) {
        for (int k = 0; k < depth[b]; k++) {
          allInputs.add(inputAt.applyAsInt(shared.inputs[k]));
          ofInputs.add(shared.sources[k] - shared.sources[0]);
        }
      }
      for (int r = 0; r < rows[b]; r++) {
        allOutputs.add(outputAt.applyAsInt(block.outputs[r]));
        ofOutputs.add(block.sources[r]);
      }
      weights += rows[b] * depth[b];
    }
    inputs = allInputs.toArray();
    outputs = allOutputs.toArray();
    sourcesOfInputs = ofInputs.toArray();
    sourcesOfOutputs = ofOutputs.toArray();
    connections = weights;
  }

  /** What all outputs of some blocks are connected with, and where the first one's weights lie. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Shared(int[] inputs, int[] sources) {

    /** Tells whether weights at {@code others} are as far from each other as these. */
    boolean liesAs(int[] others) {
      for (int k = 0; k < sources.length; k++) {
        if (others[k] - others[0] != sources[k] - sources[0]) {
          return false;
        }
      }
      return true;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Block(Shared shared, int[] outputs, int[] sources) {}

  /**
   * Cuts a product into blocks.
   *
   * @param inputs numbers of the inputs of each output, rising
   * @param sources where the weight of each of them lies in the array that {@link #gather} reads;
   *     outputs with the same inputs have theirs at the same distances
   * @param inputAt address of an input, relative to where a panel of {@code x} starts
   * @param outputAt address of an output, relative to where a panel of {@code y} starts
   */
  public static BlockProduct of(
      int[][] inputs, int[][] sources, IntUnaryOperator inputAt, IntUnaryOperator outputAt) {
    Map<List<Integer>, List<Integer>> alike = new LinkedHashMap<>();
    for (int output = 0; output < inputs.length; output++) {
      List<Integer> key = Arrays.stream(inputs[output]).boxed().toList();
      alike.computeIfAbsent(key, k -> new ArrayList<>()).add(output);
    }
    List<Block> blocks = new ArrayList<>();
    for (List<Integer> members : alike.values()) {
      Shared shared = new Shared(inputs[members.get(0)], sources[members.get(0)]);
      for (int from = 0; from < members.size(); ) {
        int size = Math.min(MOST_ROWS, Integer.highestOneBit(members.size() - from));
        int[] outputs = members.subList(from, from + size).stream().mapToInt(m -> m).toArray();
        blocks.add(new Block(shared, outputs, first(sources, outputs, shared)));
        from += size;
      }
    }
    return new BlockProduct(blocks, inputAt, outputAt);
  }

  private static int[] first(int[][] sources, int[] outputs, Shared shared) {
    int[] first = new int[outputs.length];
    for (int r = 0; r < first.length; r++) {
      int[] own = sources[outputs[r]];
      if (!shared.liesAs(own)) {
        throw new IllegalArgumentException(
            "the weights of output " + outputs[r] + " lie otherwise");
      }
      first[r] = own.length == 0 ? 0 : own[0];
    }
    return first;
  }

  /** Returns the number of blocks. */
  public int blocks() {
    return rows.length;
  }

  /** Returns the addresses of a block's outputs. */
  public int[] outputsOf(int block) {
    return Arrays.copyOfRange(outputs, outputsAt[block], outputsAt[block] + rows[block]);
  }

  /** Returns the inputs of each output of a block. */
  public int depthOf(int block) {
    return depth[block];
  }

  /** Returns the number of connections, which is that of the gathered weights. */
  public int connections() {
    return connections;
  }

  /** Writes the weights, which start at {@code valuesAt}, in the order of the blocks. */
  public void gather(float[] values, int valuesAt, float[] gathered, int gatheredAt) {
    gather(values, valuesAt, gathered, gatheredAt, 0, blocks());
  }

  /** Does what {@link #gather} does for the blocks {@code from} to before {@code end}. */
  public void gather(
      float[] values, int valuesAt, float[] gathered, int gatheredAt, int from, int end) {
    for (int b = from; b < end; b++) {
      int size = rows[b];
      int endOfInputs = inputsAt[b] + depth[b];
      for (int r = 0; r < size; r++) {
        int ofOutput = valuesAt + sourcesOfOutputs[outputsAt[b] + r];
        int to = gatheredAt + weightsAt[b] + r;
        for (int k = inputsAt[b]; k < endOfInputs; k++, to += size) {
          gathered[to] = values[ofOutput + sourcesOfInputs[k]];
        }
      }
    }
  }

  /**
   * Adds gradients that lie as {@link #gather} writes the weights, those of some parts in their
   * order, to where the weights are: what it does for the blocks {@code from} to before {@code end}
   * in the other direction.
   *
   * @param parts gradients from their first float on, or null
   * @param slab rows of a slab if they are what {@link TrainingKernels#addSlabProducts} has made,
   *     else 1
   */
  public void addTo(
      float[] gradient, int gradientAt, float[][] parts, int slab, int from, int end) {
    for (int b = from; b < end; b++) {
      for (int k = 0; k < depth[b]; k++) {
        int ofInput = gradientAt + sourcesOfInputs[inputsAt[b] + k];
        int at = weightsAt[b] + (k - k % slab) * rows[b] + k % slab;
        for (int r = 0; r < rows[b]; r++, at += slab) {
          int target = ofInput + sourcesOfOutputs[outputsAt[b] + r];
          float sum = gradient[target];
          for (float[] part : parts) {
            if (part != null) {
              sum += part[at];
            }
          }
          gradient[target] = sum;
        }
      }
    }
  }

  /**
   * Writes what {@link #addTo} would add to zeros, for the numbers {@code from} to before {@code
   * end} of {@code gradient}: in the order in which they lie, with 0 where no connection is.
   *
   * @param parts gradients as {@link #gather} writes the weights, from their first float on, or
   *     null
   */
  public void writeTo(float[] gradient, int gradientAt, float[][] parts, int from, int end) {
    sort();
    Arrays.fill(gradient, gradientAt + from, gradientAt + end, 0);
    for (int i = firstFrom(from); i < connections && sources[i] < end; i++) {
      int at = gatheredOf[i];
      float sum = 0;
      for (float[] part : parts) {
        if (part != null) {
          sum += part[at];
        }
      }
      gradient[gradientAt + sources[i]] = sum;
    }
  }

  private int firstFrom(int source) {
    int found = Arrays.binarySearch(sources, source);
    return found < 0 ? -found - 1 : found;
  }

  private synchronized void sort() {
    if (sources != null) {
      return;
    }
    long[] order = new long[connections];
    for (int b = 0; b < blocks(); b++) {
      for (int k = 0; k < depth[b]; k++) {
        for (int r = 0; r < rows[b]; r++) {
          int at = weightsAt[b] + k * rows[b] + r;
          int source = sourcesOfInputs[inputsAt[b] + k] + sourcesOfOutputs[outputsAt[b] + r];
          order[at] = (long) source << Integer.SIZE | at;
        }
      }
    }
    Arrays.sort(order);
    gatheredOf = Arrays.stream(order).mapToInt(entry -> (int) entry).toArray();
    sources = Arrays.stream(order).mapToInt(entry -> (int) (entry >> Integer.SIZE)).toArray();
  }

  /** A list of numbers that grows. */
  private static final class IntList {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
