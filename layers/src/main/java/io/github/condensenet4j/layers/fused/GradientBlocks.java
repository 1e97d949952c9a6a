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

  /** Target of a row that stands in for one that is not there. */
  private static final int NONE = -1;

  /** Rows of the few that a block multiplies with. */
  private final int fewSide;

  /** Addresses of the many of each bundle. */
  private final int[] many;

  /**
   * Where the weight of each of the many lies after that of the first with the same few, or −1 for
   * one that stands in.
   */
  private final int[] targetsOfMany;

  /** The first block of each bundle, and the end of the last one's. */
  private final int[] blocksAt;

  /** Addresses of the few of each block. */
  private final int[] few;

  /** Where the weight of each of the few and its first of the many lies, or −1 likewise. */
  private final int[] targetsOfFew;

  private GradientBlocks(
      int fewSide,
      List<Integer> many,
      List<Integer> targetsOfMany,
      List<Integer> blocksAt,
      List<Integer> few,
      List<Integer> targetsOfFew) {
    this.fewSide = fewSide;
    this.many = toArray(many);
    this.targetsOfMany = toArray(targetsOfMany);
    this.blocksAt = toArray(blocksAt);
    this.few = toArray(few);
    this.targetsOfFew = toArray(targetsOfFew);
  }

  private static int[] toArray(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Pairs rows.
   *
   * @param partners the many that each of the few is connected with
   * @param sources where the weight between them lies; the few with the same partners have theirs
   *     at the same distances
   * @param manyAt address of a row of the many
   * @param fewAt address of a row of the few
   */
  static GradientBlocks of(
      int[][] partners, int[][] sources, IntUnaryOperator manyAt, IntUnaryOperator fewAt) {
    Map<List<Integer>, List<Integer>> alike = new LinkedHashMap<>();
    for (int i = 0; i < partners.length; i++) {
      List<Integer> key = Arrays.stream(partners[i]).boxed().toList();
      alike.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    int most = alike.values().stream().mapToInt(List::size).max().orElse(1);
    int fewSide = most > 2 ? 4 : most;
    int manySide = SIZE / fewSide;
    List<Integer> many = new ArrayList<>();
    List<Integer> targetsOfMany = new ArrayList<>();
    List<Integer> blocksAt = new ArrayList<>();
    List<Integer> few = new ArrayList<>();
    List<Integer> targetsOfFew = new ArrayList<>();
    for (Map.Entry<List<Integer>, List<Integer>> set : alike.entrySet()) {
      List<Integer> shared = set.getKey();
      List<Integer> members = set.getValue();
      int[] first = sources[members.get(0)];
      for (int k = 0; k < shared.size(); k += manySide) {
        blocksAt.add(few.size() / fewSide);
        for (int a = k; a < k + manySide; a++) {
          many.add(manyAt.applyAsInt(shared.get(Math.min(a, shared.size() - 1))));
          targetsOfMany.add(a < shared.size() ? first[a] - first[0] : NONE);
        }
        for (int m = 0; m < members.size(); m += fewSide) {
          for (int b = m; b < m + fewSide; b++) {
            int member = members.get(Math.min(b, members.size() - 1));
            few.add(fewAt.applyAsInt(member));
            targetsOfFew.add(b < members.size() ? sources[member][0] : NONE);
          }
        }
      }
    }
    blocksAt.add(few.size() / fewSide);
    return new GradientBlocks(fewSide, many, targetsOfMany, blocksAt, few, targetsOfFew);
  }

  /** Returns how many rows of the many a bundle has. */
  private int bundleSize() {
    return SIZE / fewSide;
  }

  /** Returns the floats in which a thread adds up its products. */
  int sumsLength() {
    return few.length * bundleSize();
  }

  /** Adds the products of the many, in {@code rows}, with the few, in {@code packed}. */
  void multiply(
      TrainingKernels kernels,
      float[] rows,
      float[] packed,
      int columns,
      float[] sums,
      float[] scratch) {
    for (int bundle = 0; bundle + 1 < blocksAt.length; bundle++) {
      int rowsFrom = bundle * bundleSize();
      for (int block = blocksAt[bundle]; block < blocksAt[bundle + 1]; block++) {
        kernels.dots(
            rows,
            many,
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
  }

  /**
   * Adds what all parts have summed up for each group to the gradient, in the order of the parts.
   *
   * @param step distance between the gradients of two groups
   */
  void addTo(float[] gradient, int at, int step, float[][][] sumsOfGroups, Crew crew) {
    crew.share(
        sumsOfGroups.length,
        (from, to, hand) -> {
          for (int g = from; g < to; g++) {
            addTo(gradient, at + g * step, sumsOfGroups[g]);
          }
        });
  }

  private void addTo(float[] gradient, int at, float[][] sumsOfParts) {
    int bundle = 0;
    for (int block = 0; block * SIZE < sumsLength(); block++) {
      while (block >= blocksAt[bundle + 1]) {
        bundle++;
      }
      int i = block * SIZE;
      for (int a = 0; a < bundleSize(); a++) {
        int ofMany = targetsOfMany[bundle * bundleSize() + a];
        for (int b = 0; b < fewSide; b++, i++) {
          int ofFew = targetsOfFew[block * fewSide + b];
          if (ofMany != NONE && ofFew != NONE) {
            addTo(gradient, at + ofMany + ofFew, sumsOfParts, i);
          }
        }
      }
    }
  }

  private static void addTo(float[] gradient, int target, float[][] sumsOfParts, int i) {
    float sum = gradient[target];
    for (float[] sums : sumsOfParts) {
      if (sums != null) {
        sum += sums[i];
      }
    }
    gradient[target] = sum;
  }
}
