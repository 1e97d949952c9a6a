package io.github.condensenet4j.core.condensation;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which connections of a 1×1 convolution belong together, and which of them go first.
 *
 * <p>Weights and masks are {@code [out, in]} in C order, masks hold 0 and 1. In a learned group
 * convolution the outputs {@code g, g + G, g + 2G, …} are group {@code g}, and each group drops
 * inputs. In a sparse feature reactivation the inputs {@code g, g + G, …} are group {@code g}, and
 * each group drops outputs. What a group may drop are its <em>candidates</em>: a candidate goes as
 * a whole, for all members of the group (CondenseNet, section 3.1; CondenseNetV2, section 3.2;
 * official {@code _dropping}).
 *
 * @param kind who forms groups
 * @param inChannels inputs of the convolution
 * @param outChannels outputs of the convolution
 * @param groups number of groups {@code G}
 * @param factor condensation factor {@code C}: each group keeps {@code 1/C} of its candidates
 */
public record ConnectionGroups(Kind kind, int inChannels, int outChannels, int groups, int factor) {

  /** Who forms groups. */
  public enum Kind {
    /** Groups of outputs drop inputs. */
    LEARNED_GROUP_CONVOLUTION,
    /** Groups of inputs drop outputs. */
    SPARSE_FEATURE_REACTIVATION
  }

  /**
   * Checks that the numbers divide.
   *
   * @throws ArchitectureException if members or candidates cannot be divided
   */
  public ConnectionGroups {
    int members = kind == Kind.LEARNED_GROUP_CONVOLUTION ? outChannels : inChannels;
    int candidates = kind == Kind.LEARNED_GROUP_CONVOLUTION ? inChannels : outChannels;
    if (inChannels < 1 || outChannels < 1 || groups < 1 || factor < 1) {
      throw new ArchitectureException(
          "channels, groups and condensation factor are %d→%d, %d and %d, all must be at least 1"
              .formatted(inChannels, outChannels, groups, factor));
    }
    if (members % groups != 0) {
      throw new ArchitectureException(
          "%d channels cannot be divided into %d groups".formatted(members, groups));
    }
    if (candidates % factor != 0) {
      throw new ArchitectureException(
          "%d channels cannot be divided by condensation factor %d".formatted(candidates, factor));
    }
  }

  /** Returns what each group chooses from: inputs, or outputs of a reactivation. */
  public int candidates() {
    return byOutput() ? inChannels : outChannels;
  }

  /** Returns the channels in each group. */
  public int membersPerGroup() {
    return (byOutput() ? outChannels : inChannels) / groups;
  }

  /** Returns the candidates that a group drops at each stage, and keeps in the end. */
  public int share() {
    return candidates() / factor;
  }

  /** Returns the candidates that a group has dropped once its condensation is complete. */
  public int completeCount() {
    return candidates() - share();
  }

  /** Returns the place of a connection in {@code [out, in]} weights and masks. */
  public int indexOf(int group, int member, int candidate) {
    int channel = member * groups + group;
    return byOutput() ? channel * inChannels + candidate : candidate * inChannels + channel;
  }

  /** Tells whether {@code group} still has {@code candidate}. */
  public boolean keeps(float[] mask, int group, int candidate) {
    return mask[indexOf(group, 0, candidate)] != 0;
  }

  /** Returns the share of connections that are left, 0 to 1. */
  public double keptFraction(float[] mask) {
    checkLength(mask, "mask");
    long kept = 0;
    for (float connection : mask) {
      if (connection != 0) {
        kept++;
      }
    }
    return kept / (double) mask.length;
  }

  /**
   * Drops what is due at {@code progress}.
   *
   * @param weight weights {@code [out, in]}; not changed
   * @param mask mask {@code [out, in]}; dropped connections become 0
   * @param state how far the layer has come
   * @param rule what happens to stages that were skipped
   * @param progress share of all training steps done, 0 to 1
   * @return how far the layer has come now; equal to {@code state} if nothing was due
   */
  public CondensationState advance(
      float[] weight, float[] mask, CondensationState state, StageRule rule, double progress) {
    CondensationSchedule.Due due =
        new CondensationSchedule(factor, rule).dueAt(progress, state, share());
    CondensationState now = state;
    for (int i = 0; i < due.drops(); i++) {
      now = drop(weight, mask, now);
    }
    return new CondensationState(due.stage(), now.count());
  }

  /** Tells whether {@link #advance} would change anything. */
  public boolean isDue(CondensationState state, StageRule rule, double progress) {
    CondensationSchedule.Due due =
        new CondensationSchedule(factor, rule).dueAt(progress, state, share());
    return due.drops() > 0 || due.stage() != state.stage();
  }

  /** Drops all that a complete condensation drops, whatever the progress. */
  public CondensationState complete(float[] weight, float[] mask, CondensationState state) {
    return advance(weight, mask, state, StageRule.CATCHING_UP, 1);
  }

  /** Drops one share of each group's candidates: those that weigh least. */
  private CondensationState drop(float[] weight, float[] mask, CondensationState state) {
    checkLength(weight, "weight");
    checkLength(mask, "mask");
    int count = state.count() + share();
    if (count > completeCount()) {
      throw new CondenseNetException(
          "groups cannot drop %d of %d candidates, at most %d; the layer's count is damaged"
              .formatted(count, candidates(), completeCount()));
    }
    for (int group = 0; group < groups; group++) {
      int g = group;
      double[] importance = importance(weight, mask, group);
      IntStream.range(0, candidates())
          .boxed()
          // Those already gone come first: they are the ones that count passes over. Equal
          // importance goes by index, which a stable sort keeps.
          .sorted(
              Comparator.<Integer, Boolean>comparing(c -> keeps(mask, g, c))
                  .thenComparingDouble(c -> importance[c]))
          .skip(state.count())
          .limit(share())
          .forEach(candidate -> clear(mask, g, candidate));
    }
    return new CondensationState(state.stage(), count);
  }

  // Summed in double: the official float sums differ from these by rounding only, and no rounding
  // of ours may decide what is dropped.
  private double[] importance(float[] weight, float[] mask, int group) {
    double[] importance = new double[candidates()];
    for (int member = 0; member < membersPerGroup(); member++) {
      for (int candidate = 0; candidate < importance.length; candidate++) {
        int i = indexOf(group, member, candidate);
        importance[candidate] += Math.abs(weight[i] * mask[i]);
      }
    }
    return importance;
  }

  private void clear(float[] mask, int group, int candidate) {
    for (int member = 0; member < membersPerGroup(); member++) {
      mask[indexOf(group, member, candidate)] = 0;
    }
  }

  private boolean byOutput() {
    return kind == Kind.LEARNED_GROUP_CONVOLUTION;
  }

  void checkLength(float[] array, String what) {
    if (array.length != inChannels * outChannels) {
      throw new CondenseNetException(
          "%s has %d elements, %d·%d expected"
              .formatted(what, array.length, outChannels, inChannels));
    }
  }
}
