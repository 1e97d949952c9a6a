package io.github.condensenet4j.core.condensation;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.IncompleteCondensationException;

/**
 * What is left of a masked 1×1 convolution, laid out as a group convolution.
 *
 * <p>With {@code share} kept candidates a group: a learned group convolution reads its inputs
 * through {@code index} and has weights {@code [out, share]}; its outputs come group by group and
 * are shuffled back (official {@code CondensingLGC}). A reactivation takes its inputs group by
 * group, has weights {@code [G·share, in/G]}, and adds output {@code f} to channel {@code index[f]}
 * (official {@code CondensingSFR}; there only where {@code G = C}, here for every {@code G} and
 * {@code C}).
 */
public final class CondensedConnections {

  private final int[] index;
  private final float[] weight;

  private CondensedConnections(int[] index, float[] weight) {
    this.index = index;
    this.weight = weight;
  }

  /** Returns the kept candidates, group by group, ascending inside a group; {@code [G·share]}. */
  public int[] index() {
    return index.clone();
  }

  /** Returns the weights in C order. */
  public float[] weight() {
    return weight.clone();
  }

  /**
   * Gathers the connections that {@code mask} keeps.
   *
   * @param weight weights {@code [out, in]}
   * @param mask mask {@code [out, in]}
   * @throws IncompleteCondensationException if a group keeps more than its share
   * @throws CondenseNetException if the mask is no mask of these groups
   */
  public static CondensedConnections of(ConnectionGroups groups, float[] weight, float[] mask) {
    groups.checkLength(weight, "weight");
    groups.checkLength(mask, "mask");
    int share = groups.share();
    int members = groups.membersPerGroup();
    boolean byOutput = groups.kind() == ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION;
    int[] index = new int[groups.groups() * share];
    float[] condensed = new float[index.length * members];
    for (int group = 0; group < groups.groups(); group++) {
      int[] kept = kept(groups, mask, group);
      for (int rank = 0; rank < share; rank++) {
        index[group * share + rank] = kept[rank];
        for (int member = 0; member < members; member++) {
          int to =
              byOutput
                  ? (group * members + member) * share + rank
                  : (group * share + rank) * members + member;
          condensed[to] = weight[groups.indexOf(group, member, kept[rank])];
        }
      }
    }
    return new CondensedConnections(index, condensed);
  }

  /** Returns the candidates that {@code group} keeps, ascending, after checking their number. */
  private static int[] kept(ConnectionGroups groups, float[] mask, int group) {
    int[] kept = new int[groups.candidates()];
    int count = 0;
    for (int candidate = 0; candidate < kept.length; candidate++) {
      boolean keeps = groups.keeps(mask, group, candidate);
      for (int member = 1; member < groups.membersPerGroup(); member++) {
        if (mask[groups.indexOf(group, member, candidate)] != 0 != keeps) {
          throw new CondenseNetException(
              ("group %d keeps channel %d for some of its members only; the mask belongs to other"
                      + " groups or is damaged")
                  .formatted(group, candidate));
        }
      }
      if (keeps) {
        kept[count++] = candidate;
      }
    }
    if (count > groups.share()) {
      throw new IncompleteCondensationException(
          "group %d keeps %d of %d channels, %d expected after condensation by %d"
              .formatted(group, count, kept.length, groups.share(), groups.factor()));
    }
    if (count < groups.share()) {
      throw new CondenseNetException(
          "group %d keeps %d of %d channels, %d expected; the mask is damaged"
              .formatted(group, count, kept.length, groups.share()));
    }
    return kept;
  }
}
