package io.github.condensenet4j.kernels;

import java.util.Arrays;

/**
 * The numbers of a grouped matrix, packed for the kernels: {@code groups} matrices of {@code rows ×
 * depth} weights, one bias a row, and what is done to inputs before and to outputs after.
 *
 * <p>Inside a group, rows lie in blocks, and a block holds for each input the weights of its rows
 * side by side: {@code [block][depth][rows of the block]}. That is the order in which a kernel
 * reads them that keeps the sums of one block in registers. Blocks have 8 rows, the last ones of a
 * group 4, 2 and 1 as needed; or, in {@linkplain #wide wide} matrices, 64 rows, the last one filled
 * up with zeros. Immutable.
 */
public final class GroupWeights {

  private static final int WIDE = 64;
  private static final int NARROW = 8;

  private final int groups;
  private final int rows;
  private final int depth;
  private final int blockRows;
  private final int groupLength;
  private final float[] values;
  private final float[] bias;
  private final Normalization inputs;
  private final Nonlinearity outputs;

  private GroupWeights(
      int groups,
      int rows,
      int depth,
      int blockRows,
      float[] values,
      float[] bias,
      Normalization inputs,
      Nonlinearity outputs) {
    this.groups = groups;
    this.rows = rows;
    this.depth = depth;
    this.blockRows = blockRows;
    this.groupLength = values.length / groups;
    this.values = values;
    this.bias = bias;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * Packs the weights of a grouped convolution.
   *
   * @param groups number of groups, at least 1
   * @param rows outputs of each group, at least 1
   * @param depth inputs of each output, at least 1
   * @param weights {@code [groups · rows, depth]} in C order
   */
  public static GroupWeights of(int groups, int rows, int depth, float[] weights) {
    return pack(groups, rows, depth, NARROW, weights);
  }

  /**
   * Packs the weights of a linear layer, of which {@link Kernels#column} can make use.
   *
   * @param rows outputs, at least 1
   * @param depth inputs, at least 1
   * @param weights {@code [rows, depth]} in C order
   */
  public static GroupWeights wide(int rows, int depth, float[] weights) {
    return pack(1, rows, depth, WIDE, weights);
  }

  private static GroupWeights pack(
      int groups, int rows, int depth, int blockRows, float[] weights) {
    if (groups < 1 || rows < 1 || depth < 1 || weights.length != groups * rows * depth) {
      throw new IllegalArgumentException(
          "%d groups of %d×%d weights make %d, found %d"
              .formatted(groups, rows, depth, (long) groups * rows * depth, weights.length));
    }
    int stored = blockRows == WIDE ? wholeBlocks(rows) : rows;
    float[] bias = new float[groups * stored];
    GroupWeights packed =
        new GroupWeights(
            groups,
            rows,
            depth,
            blockRows,
            new float[groups * stored * depth],
            bias,
            null,
            Nonlinearity.NONE);
    for (int row = 0; row < groups * rows; row++) {
      for (int k = 0; k < depth; k++) {
        packed.values[packed.indexOf(row) + k * packed.step(row)] = weights[row * depth + k];
      }
    }
    return packed;
  }

  /** Returns the same weights with {@code newBias} added to the sums; one number a row. */
  public GroupWeights withBias(float[] newBias) {
    if (newBias.length != groups * rows) {
      throw new IllegalArgumentException(
          groups * rows + " rows need as many biases, found " + newBias.length);
    }
    float[] padded = Arrays.copyOf(newBias, bias.length);
    return new GroupWeights(groups, rows, depth, blockRows, values, padded, inputs, outputs);
  }

  /**
   * Returns the same weights for inputs that are normalised first.
   *
   * @param normalization with {@code groups · depth} rows, group by group
   */
  public GroupWeights normalizing(Normalization normalization) {
    if (normalization.scale().length != groups * depth) {
      throw new IllegalArgumentException(
          groups * depth
              + " inputs need as many normalisations, found "
              + normalization.scale().length);
    }
    return new GroupWeights(groups, rows, depth, blockRows, values, bias, normalization, outputs);
  }

  /** Returns the same weights with {@code nonlinearity} done to the sums. */
  public GroupWeights activating(Nonlinearity nonlinearity) {
    return new GroupWeights(groups, rows, depth, blockRows, values, bias, inputs, nonlinearity);
  }

  /** Returns the number of groups. */
  public int groups() {
    return groups;
  }

  /** Returns the outputs of each group. */
  public int rows() {
    return rows;
  }

  /** Returns the inputs of each output. */
  public int depth() {
    return depth;
  }

  /** Returns the outputs of all groups. */
  public int allRows() {
    return groups * rows;
  }

  /** Returns the outputs of all groups, where wide blocks are filled up. */
  public int storedRows() {
    return bias.length;
  }

  /** Returns the number of rows at which work may be divided: whole blocks. */
  public int blockRows() {
    return blockRows;
  }

  /** Tells whether blocks have 64 rows. */
  boolean isWide() {
    return blockRows == WIDE;
  }

  float[] values() {
    return values;
  }

  float[] bias() {
    return bias;
  }

  /** Returns what is done to the inputs, or null if they are taken as they are. */
  Normalization inputs() {
    return inputs;
  }

  Nonlinearity outputs() {
    return outputs;
  }

  /** Returns the place of the first weight of {@code row}, counted over all groups. */
  int indexOf(int row) {
    int inGroup = row % rows;
    int block = blockStart(inGroup);
    return blockAt(row / rows, block) + inGroup - block;
  }

  /** Returns the distance between two weights of {@code row}: the rows of its block. */
  int step(int row) {
    return width(blockStart(row % rows));
  }

  /**
   * Returns where the block of {@code group} begins whose first row in the group is {@code row}.
   */
  int blockAt(int group, int row) {
    return group * groupLength + row * depth;
  }

  /** Returns the rows of the block whose first row in its group is {@code row}. */
  int width(int row) {
    return isWide() || rows - row >= blockRows ? blockRows : Integer.highestOneBit(rows - row);
  }

  private static int wholeBlocks(int rows) {
    return (rows + WIDE - 1) / WIDE * WIDE;
  }

  private int blockStart(int inGroup) {
    int start = inGroup / blockRows * blockRows;
    while (start + width(start) <= inGroup) {
      start += width(start);
    }
    return start;
  }
}
