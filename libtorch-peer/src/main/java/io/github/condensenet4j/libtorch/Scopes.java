package io.github.condensenet4j.libtorch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/**
 * When intermediate results are let go of: at the end of the step that made them, as Python's
 * counting of references does, and not whenever Java collects its garbage.
 */
final class Scopes {

  private Scopes() {}

  /** Returns what {@code work} returns, and lets go of all tensors that it made. */
  static <T> T within(Supplier<T> work) {
    PointerScope scope = new PointerScope();
    try {
      return work.get();
    } finally {
      scope.close();
    }
  }

  /** As {@link #within}, and no operation prepares for gradients. */
  static <T> T withoutGradients(Supplier<T> work) {
    InferenceMode mode = new InferenceMode(true);
    try {
      return within(work);
    } finally {
      mode.close();
    }
  }

  /** Returns what {@code step} computes, and lets go of all else that it made. */
  static Tensor result(Supplier<Tensor> step) {
    Tensor result =
        within(
            () -> {
              Tensor kept = step.get();
              // The scope that ends lets go of it once.
              return kept.retainReference();
            });
    PointerScope outer = PointerScope.getInnerScope();
    if (outer != null) {
      outer.attach(result);
      result.releaseReference();
    }
    return result;
  }

  /** As {@link #result}, and lets go of {@code input} as well. */
  static Tensor next(Tensor input, Supplier<Tensor> step) {
    Tensor result = result(step);
    input.close();
    return result;
  }
}
