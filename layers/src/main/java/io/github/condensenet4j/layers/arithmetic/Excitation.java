package io.github.condensenet4j.layers.arithmetic;

/** What {@link Arithmetic#excite} has done, for its gradients. */
public interface Excitation {

  /**
   * Adds the gradients of the weights to {@code dDown} and {@code dUp}, and writes that of what was
   * excited.
   *
   * @param dy gradient for what came out
   * @param dx may be {@code dy}
   */
  void backward(Matrix dy, Matrix dDown, Matrix dUp, Matrix dx);
}
