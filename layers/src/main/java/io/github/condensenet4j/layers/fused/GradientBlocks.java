package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The pairs of rows whose products are gradients of weights, sixteen at a time.
 *
 * <p>One side, the few, is packed whole; of the other, the many, some rows at a time are made ready
 * (a <em>bundle</em>) and multiplied with all of the few that they are connected with: four rows
 * with four, or, where no row of the many meets as many of the few, eight with two or sixteen with
 * one. Where rows do not fill a bundle, the last one stands in and its results are left aside.
 */
final class GradientBlocks {

  private static final int SIZE = TrainingKernels.DOTS;

  /** Rows of the few that a block multiplies with. */
  private final int fewSide;

  /** Rows of the many for each bundle. */
  private final int[] many;

  /** The first block of each bundle, and the end of the last one's. */
  private final int[] blocksAt;

  /** Addresses of the few of each block. */
  private final int[] few;

  /** Where each product goes in the weight's gradient, or −1. */
  private final int[] targets;

  private GradientBlocks(
      int fewSide,
      List<Integer> many,
      List<Integer> blocksAt,
      List<Integer> few,
      List<Integer> targets) {
    this.fewSide = fewSide;
    this.many = toArray(many);
    this.blocksAt = toArray(blocksAt);
    this.few = toArray(few);
    this.targets = toArray(targets);
  }

  private static int[] toArray(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Pairs rows.
   *
   * @param partners the many that each of the few is connected with
   * @param sources where the weight between them lies
   * @param fewAt address of a row of the few
   */
  static GradientBlocks of(int[][] partners, int[][] sources, IntUnaryOperator fewAt) {
    Map<List<Integer>, List<Integer>> alike = new LinkedHashMap<>();
    for (int i = 0; i < partners.length; i++) {
      List<Integer> key = Arrays.stream(partners[i]).boxed().toList();
      alike.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    int most = alike.values().stream().mapToInt(List::size).max().orElse(1);
    int fewSide = most > 2 ? 4 : most;
    int manySide = SIZE / fewSide;
    List<Integer> many = new ArrayList<>();
    List<Integer> blocksAt = new ArrayList<>();
    List<Integer> few = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    for (Map.Entry<List<Integer>, List<Integer>> set : alike.entrySet()) {
      List<Integer> shared = set.getKey();
      List<Integer> members = set.getValue();
      for (int k = 0; k < shared.size(); k += manySide) {
        blocksAt.add(few.size() / fewSide);
        for (int a = 0; a < manySide; a++) {
          many.add(shared.get(Math.min(k + a, shared.size() - 1)));
        }
        for (int m = 0; m < members.size(); m += fewSide) {
          for (int b = 0; b < fewSide; b++) {
            few.add(fewAt.applyAsInt(members.get(Math.min(m + b, members.size() - 1))));
          }
          for (int a = 0; a < manySide; a++) {
            for (int b = 0; b < fewSide; b++) {
              boolean counts = k + a < shared.size() && m + b < members.size();
              targets.add(counts ? sources[members.get(m + b)][k + a] : -1);
            }
          }
        }
      }
    }
    blocksAt.add(few.size() / fewSide);
    return new GradientBlocks(fewSide, many, blocksAt, few, targets);
  }

  /** Returns how many rows of the many a bundle has. */
  int bundleSize() {
    return SIZE / fewSide;
  }

  int bundles() {
    return many.length / bundleSize();
  }

  /** Returns row {@code a} of the many in a bundle. */
  int many(int bundle, int a) {
    return many[bundle * bundleSize() + a];
  }

  /** Returns the floats in which a thread adds up its products. */
  int sumsLength() {
    return targets.length;
  }

  /**
   * Adds the products of a bundle, whose rows are in {@code rows} at {@code rowsAt[rowsFrom …]},
   * with the few.
   */
  void multiply(
      TrainingKernels kernels,
      int bundle,
      float[] rows,
      int[] rowsAt,
      int rowsFrom,
      float[] packed,
      int columns,
      float[] sums,
      float[] scratch) {
    for (int block = blocksAt[bundle]; block < blocksAt[bundle + 1]; block++) {
      kernels.dots(
          rows,
          rowsAt,
          rowsFrom,
          packed,
          few,
          block * fewSide,
          fewSide,
          columns,
          sums,
          block * SIZE,
          scratch);
    }
  }

  /** Adds what all parts have summed up to the gradient, in the order of the parts. */
  void addTo(float[] gradient, int at, float[][] sumsOfParts) {
    addTo(gradient, at, sumsOfParts, 0, targets.length);
  }

  /**
   * Adds what all parts have summed up to the gradient, in the order of the parts: the sums {@code
   * from} to before {@code to}, each of which has a place of its own there.
   */
  void addTo(float[] gradient, int at, float[][] sumsOfParts, int from, int to) {
    for (int i = from; i < to; i++) {
      if (targets[i] >= 0) {
        float sum = gradient[at + targets[i]];
        for (float[] sums : sumsOfParts) {
          if (sums != null) {
            sum += sums[i];
          }
        }
        gradient[at + targets[i]] = sum;
      }
    }
  }
}
