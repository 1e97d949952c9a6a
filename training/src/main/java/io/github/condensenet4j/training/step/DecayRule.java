package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Locale;
import java.util.Set;

/** Which parameters weight decay pulls towards zero. */
public enum DecayRule {
  /** All of them, as the official CondenseNet training does. */
  V1,
  /** All but the one-dimensional ones and biases, as the official CondenseNetV2 training does. */
  V2;

  private static final Set<String> VECTORS_OF_DL4J = Set.of("b", "gamma", "beta");

  /**
   * Returns the rule of an option's value, {@code v1} or {@code v2}.
   *
   * @throws InvalidOptionException if there is none
   */
  public static DecayRule of(String option) {
    return switch (option.toLowerCase(Locale.ROOT)) {
      case "v1" -> V1;
      case "v2" -> V2;
      default -> throw new InvalidOptionException("--decay-rule", "v1 or v2", option);
    };
  }

  /**
   * Tells whether a parameter decays.
   *
   * @param name its name in the graph; DL4J holds biases and norms of its own layers as matrices of
   *     one row, which are told by their names
   * @param dimensions how many dimensions it has
   */
  boolean decays(String name, int dimensions) {
    return this == V1
        || (dimensions > 1 && !name.endsWith("bias") && !VECTORS_OF_DL4J.contains(name));
  }

  /** Returns the option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
