package io.github.condensenet4j.libtorch;

import java.util.Arrays;
import java.util.Locale;

/**
 * A way to compute a network; which one is fastest depends on the network and the batch.
 *
 * <p>Learned convolutions and reactivations, once condensed, are computed as one of {@link Form};
 * images lie in memory plane by plane or, {@code _nhwc}, pixel by pixel.
 */
enum Variant {
  INDEX_ADD(Form.INDEX_ADD, false),
  INDEX_ADD_NHWC(Form.INDEX_ADD, true),
  MATRIX(Form.MATRIX, false),
  MATRIX_NHWC(Form.MATRIX, true),
  FOLDED(Form.FOLDED, false),
  FOLDED_NHWC(Form.FOLDED, true),
  DENSE(Form.DENSE, false),
  DENSE_NHWC(Form.DENSE, true);

  /** How the condensed layers are computed. */
  enum Form {
    /** Index select and group convolution; reactivations by group convolution and index add. */
    INDEX_ADD,
    /** The same, but reactivations spread by the official matrix of zeros and ones. */
    MATRIX,
    /** The same, but reactivations as one dense convolution with zeros. */
    FOLDED,
    /** Both as dense convolutions with zeros, as before conversion. */
    DENSE
  }

  private final Form form;
  private final boolean isChannelsLast;

  Variant(Form form, boolean isChannelsLast) {
    this.form = form;
    this.isChannelsLast = isChannelsLast;
  }

  Form form() {
    return form;
  }

  /** Tells whether the channels of a pixel lie together. */
  boolean isChannelsLast() {
    return isChannelsLast;
  }

  /** Tells whether training differs by it from other variants: its networks are all dense. */
  boolean isForTraining() {
    return form == Form.DENSE;
  }

  static Variant of(String name) {
    return Arrays.stream(values())
        .filter(variant -> variant.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such variant: " + name));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
