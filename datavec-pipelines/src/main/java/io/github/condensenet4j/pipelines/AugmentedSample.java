package io.github.condensenet4j.pipelines;

import java.util.List;

/**
 * An image as training sees it.
 *
 * @param index which image of the dataset
 * @param values normalised, {@code [channels, height, width]}
 * @param operations what was done to it, in order, a few words each
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record AugmentedSample(int index, float[] values, List<String> operations) {

  /** Copies the list. */
  public AugmentedSample {
    operations = List.copyOf(operations);
  }
}
