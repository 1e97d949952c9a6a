package io.github.condensenet4j.layers.unit;

/**
 * What the backward pass of a unit that is a layer of its own needs of the matrices of its forward
 * pass.
 *
 * <p>Deeplearning4j keeps the output of each layer anyway. What can be copied from there again by
 * {@link Unit#recall} need not be in memory twice until then.
 */
public enum Kept {
  /** All of them. */
  ALL,
  /** All but those of {@link Unit#place}, which hold the output at the end; it is given again. */
  ALL_BUT_OUTPUT,
  /** The input. */
  INPUT,
  /** None. */
  NOTHING
}
