package io.github.condensenet4j.kernels;

/**
 * A grouped matrix with the addresses of its operands: which row of {@code x} each input is, and
 * which row of {@code y} each output. Gathering channels, shuffling them and adding to scattered
 * ones are nothing but addresses.
 *
 * <p>Input {@code k} of group {@code g} starts at {@code inputs[g · depth + k]}; or, where {@code
 * inputs} holds the addresses of one group only, at {@code g · groupStride + inputs[k]}. Output
 * {@code m} of all groups starts at {@code outputs[m]}. Arrays are shared, not copied; nobody may
 * change them afterwards.
 *
 * @param weights the numbers
 * @param inputs addresses of the inputs, relative to where {@code x} starts; may be negative
 * @param groupStride distance between the inputs of two groups, if they share {@code inputs}
 * @param outputs addresses of the outputs, relative to where {@code y} starts; inside a group no
 *     two are the same
 * @param rowPitch distance between two rows of an image, if the product is a 3×3 convolution: its
 *     inputs are then each channel nine times, shifted by a row and a pixel back to a row and a
 *     pixel ahead; 0 if it is none
 * @param accumulates whether sums are added to {@code y} instead of replacing it; biases and the
 *     outputs' non-linearity are then left out
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Read in inner loops; copies would cost more than they guard.
public record GroupProduct(
    GroupWeights weights,
    int[] inputs,
    int groupStride,
    int rowPitch,
    int[] outputs,
    boolean accumulates) {

  /** Checks that every input and output has an address. */
  public GroupProduct {
    boolean shared = inputs.length == weights.depth();
    if (!shared && inputs.length != weights.groups() * weights.depth()) {
      throw new IllegalArgumentException(
          "%d groups of %d inputs have %d addresses"
              .formatted(weights.groups(), weights.depth(), inputs.length));
    }
    if (rowPitch != 0) {
      checkTaps(weights, inputs, rowPitch);
    }
    if (outputs.length != weights.allRows()) {
      throw new IllegalArgumentException(
          weights.allRows() + " outputs have " + outputs.length + " addresses");
    }
  }

  /** A product that is no 3×3 convolution. */
  public GroupProduct(
      GroupWeights weights, int[] inputs, int groupStride, int[] outputs, boolean accumulates) {
    this(weights, inputs, groupStride, 0, outputs, accumulates);
  }

  /** Returns where in {@link #inputs} the addresses of {@code group} begin. */
  int inputsAt(int group) {
    return sharesInputs() ? 0 : group * weights.depth();
  }

  /** Returns what is added to the addresses of the inputs of {@code group}. */
  int shift(int group) {
    return sharesInputs() ? group * groupStride : 0;
  }

  private boolean sharesInputs() {
    return inputs.length == weights.depth();
  }

  private static void checkTaps(GroupWeights weights, int[] inputs, int rowPitch) {
    boolean are = weights.depth() % 9 == 0;
    for (int i = 0; are && i < inputs.length; i++) {
      int first = inputs[i / 9 * 9];
      are = inputs[i] == first + i % 9 / 3 * rowPitch + i % 3;
    }
    if (!are) {
      throw new IllegalArgumentException(
          "inputs are not nine shifts of each channel in rows of " + rowPitch);
    }
  }
}
