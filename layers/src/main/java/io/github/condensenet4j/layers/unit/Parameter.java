package io.github.condensenet4j.layers.unit;

import java.util.Arrays;

/**
 * A named array of a layer, in the shape that the official code gives it.
 *
 * @param name name inside the layer, {@code denselayer3.conv1.norm.weight}
 * @param role how training treats it
 * @param shape lengths of the dimensions, C order
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into the array
public record Parameter(String name, Role role, long... shape) {

  /** How training treats a parameter. */
  public enum Role {
    /** Trained; the layer's {@code regularization} applies. */
    WEIGHT,
    /** Trained and one-dimensional; the layer's {@code regularizationBias} applies. */
    VECTOR,
    /**
     * Kept with the weights but never moved by an updater: statistics, masks, indices, counters.
     */
    STATE
  }

  /** Returns a trained weight. */
  public static Parameter weight(String name, long... shape) {
    return new Parameter(name, Role.WEIGHT, shape);
  }

  /** Returns a trained vector of {@code length} numbers. */
  public static Parameter vector(String name, long length) {
    return new Parameter(name, Role.VECTOR, length);
  }

  /** Returns an array that no updater moves. */
  public static Parameter state(String name, long... shape) {
    return new Parameter(name, Role.STATE, shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameter that
        && name.equals(that.name)
        && role == that.role
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape);
  }
}
