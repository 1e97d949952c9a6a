package io.github.condensenet4j.layers.fused;

import java.nio.FloatBuffer;
import java.util.IdentityHashMap;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Views of arrays that live as long as a layer: its parameters and their gradients. ND4J takes some
 * microseconds to tell where an array's numbers are, and a step asks for some hundred vectors.
 */
final class ParameterViews {

  /**
   * Views at most; a layer has some hundred arrays. Whoever hands a layer new ones again and again
   * must not fill the memory.
   */
  private static final int MOST = 1 << 13;

  private record View(DataBuffer data, FloatBuffer numbers) {}

  private final IdentityHashMap<INDArray, View> views = new IdentityHashMap<>();

  /** Copies a parameter's numbers. */
  void load(INDArray parameter, float[] values, int at, Crew crew) {
    FloatBuffer numbers = of(parameter);
    if (numbers == null) {
      NativeTransfer.load(parameter, values, at, crew);
    } else {
      NativeTransfer.load(numbers, values, at, crew);
    }
  }

  /** Copies numbers to a parameter, or its gradient. */
  void store(float[] values, int at, INDArray parameter, Crew crew) {
    FloatBuffer numbers = of(parameter);
    if (numbers == null) {
      NativeTransfer.store(values, at, parameter, crew);
    } else {
      NativeTransfer.store(values, at, numbers, crew);
    }
  }

  /** Tells whether a parameter's numbers are {@code values}. */
  boolean hold(INDArray parameter, float[] values, Crew crew) {
    FloatBuffer numbers = of(parameter);
    return numbers == null
        ? NativeTransfer.holds(parameter, values, crew)
        : NativeTransfer.holds(numbers, values, crew);
  }

  /** Returns the numbers of {@code array}, or null where they do not follow each other. */
  private FloatBuffer of(INDArray array) {
    DataBuffer data = array.data();
    View view = views.get(array);
    if (view == null || view.data != data) {
      if (views.size() == MOST) {
        views.clear();
      }
      FloatBuffer numbers = NativeTransfer.isInOrder(array) ? NativeTransfer.view(array) : null;
      view = new View(data, numbers);
      views.put(array, view);
    }
    return view.numbers;
  }
}
