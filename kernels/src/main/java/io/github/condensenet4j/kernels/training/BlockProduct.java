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
  private final int[] sources;

  private BlockProduct(List<Block> blocks, IntUnaryOperator inputAt, IntUnaryOperator outputAt) {
    int count = blocks.size();
    rows = new int[count];
    depth = new int[count];
    inputsAt = new int[count];
    outputsAt = new int[count];
    weightsAt = new int[count];
    IntList allInputs = new IntList();
    IntList allOutputs = new IntList();
    IntList allSources = new IntList();
    for (int b = 0; b < count; b++) {
      Block block = blocks.get(b);
      rows[b] = block.outputs.length;
      depth[b] = block.inputs.length;
      weightsAt[b] = allSources.size;
      outputsAt[b] = allOutputs.size;
      // Blocks with the same inputs follow each other and share their addresses.
      boolean shares = b > 0 && block.inputs == blocks.get(b - 1).inputs;
      inputsAt[b] = shares ? inputsAt[b - 1] : allInputs.size;
      if (!shares) {
        for (int input : block.inputs) {
          allInputs.add(inputAt.applyAsInt(input));
        }
      }
      for (int output : block.outputs) {
        allOutputs.add(outputAt.applyAsInt(output));
      }
      for (int k = 0; k < block.inputs.length; k++) {
        for (int[] source : block.sources) {
          allSources.add(source[k]);
        }
      }
    }
    inputs = allInputs.toArray();
    outputs = allOutputs.toArray();
    sources = allSources.toArray();
  }

  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Block(int[] inputs, int[] outputs, int[][] sources) {}

  /**
   * Cuts a product into blocks.
   *
   * @param inputs numbers of the inputs of each output, rising
   * @param sources where the weight of each of them lies in the array that {@link #gather} reads
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
      int[] shared = inputs[members.get(0)];
      for (int from = 0; from < members.size(); ) {
        int size = Math.min(8, Integer.highestOneBit(members.size() - from));
        int[] outputs = members.subList(from, from + size).stream().mapToInt(m -> m).toArray();
        int[][] weights = Arrays.stream(outputs).mapToObj(m -> sources[m]).toArray(int[][]::new);
        blocks.add(new Block(shared, outputs, weights));
        from += size;
      }
    }
    return new BlockProduct(blocks, inputAt, outputAt);
  }

  /** Returns the number of blocks. */
  public int blocks() {
    return rows.length;
  }

  /** Returns the addresses of a block's outputs. */
  public int[] outputsOf(int block) {
    return Arrays.copyOfRange(outputs, outputsAt[block], outputsAt[block] + rows[block]);
  }

  /** Returns the number of connections, which is that of the gathered weights. */
  public int connections() {
    return sources.length;
  }

  /** Writes the weights, which start at {@code valuesAt}, in the order of the blocks. */
  public void gather(float[] values, int valuesAt, float[] gathered, int gatheredAt) {
    for (int i = 0; i < sources.length; i++) {
      gathered[gatheredAt + i] = values[valuesAt + sources[i]];
    }
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
