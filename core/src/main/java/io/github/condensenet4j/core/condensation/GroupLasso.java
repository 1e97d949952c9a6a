package io.github.condensenet4j.core.condensation;

/**
 * The group lasso that makes groups want few candidates (CondenseNet, section 3.2; official {@code
 * lasso_loss}).
 *
 * <p>The value is {@code Σ √max(Σ w², 1e-6)}, the inner sum over the members of a group, the outer
 * one over groups and candidates; dropped candidates still add {@code 1e-3} each. From stage {@code
 * groups - 1} on it is 0.
 */
public final class GroupLasso {

  private static final float SMALLEST = 1e-6f;

  private GroupLasso() {}

  /**
   * Returns the value for one layer.
   *
   * @param weight weights {@code [out, in]}
   * @param mask mask {@code [out, in]}
   * @param stage stage that the layer has reached
   */
  public static double value(ConnectionGroups groups, float[] weight, float[] mask, int stage) {
    if (hasEnded(groups, stage)) {
      return 0;
    }
    double value = 0;
    for (int group = 0; group < groups.groups(); group++) {
      for (int candidate = 0; candidate < groups.candidates(); candidate++) {
        double squares = squares(groups, weight, mask, group, candidate);
        value += Math.sqrt(Math.max(squares, SMALLEST));
      }
    }
    return value;
  }

  /**
   * Adds {@code scale} times the gradient of {@link #value} to {@code gradient}.
   *
   * @param weight weights {@code [out, in]}
   * @param mask mask {@code [out, in]}
   * @param stage stage that the layer has reached
   * @param scale factor of the gradient
   * @param gradient gradient of the weights {@code [out, in]}; changed
   */
  public static void addGradient(
      ConnectionGroups groups,
      float[] weight,
      float[] mask,
      int stage,
      double scale,
      float[] gradient) {
    if (hasEnded(groups, stage)) {
      return;
    }
    groups.checkLength(gradient, "gradient");
    for (int group = 0; group < groups.groups(); group++) {
      for (int candidate = 0; candidate < groups.candidates(); candidate++) {
        double squares = squares(groups, weight, mask, group, candidate);
        // Where the sum was raised to the smallest value it no longer depends on the weights.
        if (squares >= SMALLEST) {
          double factor = scale / Math.sqrt(squares);
          for (int member = 0; member < groups.membersPerGroup(); member++) {
            int i = groups.indexOf(group, member, candidate);
            gradient[i] += (float) (factor * weight[i] * mask[i]);
          }
        }
      }
    }
  }

  private static boolean hasEnded(ConnectionGroups groups, int stage) {
    return stage >= groups.groups() - 1;
  }

  private static double squares(
      ConnectionGroups groups, float[] weight, float[] mask, int group, int candidate) {
    double squares = 0;
    for (int member = 0; member < groups.membersPerGroup(); member++) {
      int i = groups.indexOf(group, member, candidate);
      double connection = weight[i] * mask[i];
      squares += connection * connection;
    }
    return squares;
  }
}
