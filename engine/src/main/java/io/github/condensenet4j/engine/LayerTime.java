package io.github.condensenet4j.engine;

/**
 * How long one kind of work of one layer took.
 *
 * @param layer name of the layer, as in the model file; of the block for what belongs to no layer
 * @param operation what was done
 * @param nanos time of an image, added up over all threads
 * @param multiplyAdds multiply-adds of an image that the result needs; 0 for what only moves or
 *     scales
 */
public record LayerTime(String layer, Operation operation, double nanos, long multiplyAdds) {

  /** What the engine does with features. */
  public enum Operation {
    /** Takes the image over into padded planes. */
    LOAD,
    /** First convolution. */
    STEM,
    /** Learned 1×1 convolution with the normalisations and activations around it. */
    LEARNED,
    /** 3×3 group convolution. */
    GROUPED,
    /** Means and factors of squeeze-and-excitation. */
    SQUEEZE,
    /** Multiplication with those factors, where it is a pass of its own. */
    EXCITE,
    /** Sparse feature reactivation. */
    REACTIVATE,
    /** Average pooling between blocks. */
    POOL,
    /** Last normalisation, activation and mean. */
    FEATURES,
    /** Last squeeze-and-excitation, hidden layer and classifier. */
    HEAD
  }

  /** Returns 10⁹ operations a second of one thread, two for each multiply-add. */
  public double gigaflops() {
    return 2 * multiplyAdds / nanos;
  }
}
