package io.github.condensenet4j.layers.fused;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies numbers between ND4J's arrays and rows, which happens at the borders of a layer alone. */
final class NativeTransfer {

  /** Floats that are copied at once: they pass through the second-level cache. */
  private static final int AT_ONCE = 1 << 16;

  /** Floats from which on copying is worth sharing. */
  private static final int MANY = 1 << 17;

  private static final int BUFFER = 5;

  private NativeTransfer() {}

  /** Copies {@code images}, {@code [N, C, H, W]} or {@code [N, C]}, to {@code features}. */
  static void load(INDArray images, FeatureMatrix features, Crew crew) {
    INDArray inOrder = contiguous(images);
    try {
      forEachStretch(
          features,
          crew,
          (offset, row, rows, image, hand) -> {
            int pixels = features.extent().pixels();
            float[] buffer = hand.buffer(BUFFER, rows * pixels);
            pointer(inOrder).position(offset).get(buffer, 0, rows * pixels);
            for (int r = 0; r < rows; r++) {
              FeatureRow target = features.channels()[row + r];
              copy(buffer, r * pixels, target.array, target.at + image * pixels, pixels);
            }
          });
    } finally {
      Reference.reachabilityFence(inOrder);
    }
  }

  /** Copies {@code features} to {@code images}. */
  static void store(FeatureMatrix features, INDArray images, Crew crew) {
    INDArray inOrder = contiguous(images);
    forEachStretch(
        features,
        crew,
        (offset, row, rows, image, hand) -> {
          int pixels = features.extent().pixels();
          float[] buffer = hand.buffer(BUFFER, rows * pixels);
          for (int r = 0; r < rows; r++) {
            FeatureRow source = features.channels()[row + r];
            copy(source.array, source.at + image * pixels, buffer, r * pixels, pixels);
          }
          pointer(inOrder).position(offset).put(buffer, 0, rows * pixels);
        });
    if (inOrder != images) {
      images.assign(inOrder);
    }
  }

  private static void copy(float[] from, int fromAt, float[] to, int toAt, int length) {
    if (length == 1) {
      to[toAt] = from[fromAt];
    } else {
      System.arraycopy(from, fromAt, to, toAt, length);
    }
  }

  /** Some channels of an image, and where they begin in {@code [N, C, H, W]}. */
  private interface Stretch {
    void run(long offset, int row, int rows, int image, Crew.Hand hand);
  }

  private static void forEachStretch(FeatureMatrix matrix, Crew crew, Stretch action) {
    int pixels = matrix.extent().pixels();
    int most = Math.max(1, AT_ONCE / pixels);
    crew.share(
        matrix.extent().images(),
        (from, to, hand) -> {
          for (int image = from; image < to; image++) {
            for (int row = 0; row < matrix.rows(); row += most) {
              int rows = Math.min(most, matrix.rows() - row);
              long offset = ((long) image * matrix.rows() + row) * pixels;
              action.run(offset, row, rows, image, hand);
            }
          }
        });
  }

  /** Copies a parameter's numbers. */
  static void load(INDArray parameter, float[] values, int at, Crew crew) {
    INDArray inOrder = contiguous(parameter);
    try {
      load(view(inOrder), values, at, crew);
    } finally {
      Reference.reachabilityFence(inOrder);
    }
  }

  /** Copies all {@code numbers}. */
  static void load(FloatBuffer numbers, float[] values, int at, Crew crew) {
    forEachPiece(
        numbers.capacity(), crew, (from, to) -> numbers.get(from, values, at + from, to - from));
  }

  /** Tells whether a parameter's numbers are {@code values}. */
  static boolean holds(INDArray parameter, float[] values, Crew crew) {
    INDArray inOrder = contiguous(parameter);
    try {
      return holds(view(inOrder), values, crew);
    } finally {
      Reference.reachabilityFence(inOrder);
    }
  }

  /** Tells whether {@code numbers} are {@code values}. */
  static boolean holds(FloatBuffer numbers, float[] values, Crew crew) {
    if (numbers.capacity() != values.length) {
      return false;
    }
    FloatBuffer expected = FloatBuffer.wrap(values);
    AtomicBoolean differs = new AtomicBoolean();
    forEachPiece(
        values.length,
        crew,
        (from, to) -> {
          if (!numbers.slice(from, to - from).equals(expected.slice(from, to - from))) {
            differs.set(true);
          }
        });
    return !differs.get();
  }

  /** Some of a parameter's numbers. */
  private interface Piece {
    void run(int from, int to);
  }

  /** Runs {@code action} on pieces of a parameter, of which large ones are all threads'. */
  private static void forEachPiece(int length, Crew crew, Piece action) {
    if (length < MANY) {
      action.run(0, length);
    } else {
      crew.share(length, crew.threads(), (from, to, hand) -> action.run(from, to));
    }
  }

  /**
   * Copies {@code count} of a parameter's numbers, which lie in order, from number {@code from}.
   */
  static void load(INDArray parameter, long from, int count, float[] values, int at) {
    try {
      pointer(parameter).position(from).get(values, at, count);
    } finally {
      Reference.reachabilityFence(parameter);
    }
  }

  /** Copies numbers to a parameter, or its gradient. */
  static void store(float[] values, int at, INDArray parameter, Crew crew) {
    INDArray inOrder = contiguous(parameter);
    try {
      store(values, at, view(inOrder), crew);
    } finally {
      Reference.reachabilityFence(inOrder);
    }
    if (inOrder != parameter) {
      parameter.assign(inOrder);
    }
  }

  /** Copies as many numbers as there are in {@code numbers}. */
  static void store(float[] values, int at, FloatBuffer numbers, Crew crew) {
    forEachPiece(
        numbers.capacity(), crew, (from, to) -> numbers.put(from, values, at + from, to - from));
  }

  /** Copies {@code count} numbers to a parameter's gradient from number {@code from} on. */
  static void store(float[] values, int at, INDArray parameter, long from, int count) {
    try {
      pointer(parameter).position(from).put(values, at, count);
    } finally {
      Reference.reachabilityFence(parameter);
    }
  }

  /** Sets a parameter, or its gradient, to 0. */
  static void clear(INDArray parameter) {
    if (isInOrder(parameter)) {
      FloatPointer start = pointer(parameter);
      Pointer.memset(start, 0, parameter.length() * Float.BYTES);
    } else {
      parameter.assign(0);
    }
  }

  private static INDArray contiguous(INDArray array) {
    return isInOrder(array) ? array : array.dup('c');
  }

  /** Tells whether numbers that follow each other in C order do so in memory. */
  static boolean isInOrder(INDArray array) {
    long step = 1;
    for (int d = array.rank() - 1; d >= 0; d--) {
      // No step is ever made along a dimension of one, and ND4J gives it any stride.
      if (array.size(d) != 1 && array.stride(d) != step) {
        return false;
      }
      step *= array.size(d);
    }
    return true;
  }

  /**
   * Returns the numbers of an array in which they follow each other; {@code array} must be kept as
   * long as they are used.
   */
  static FloatBuffer view(INDArray array) {
    return pointer(array).capacity(array.length()).asBuffer();
  }

  /** Returns where the numbers lie; {@code array} must be kept as long as they are used. */
  private static FloatPointer pointer(INDArray array) {
    return new FloatPointer(array.data().addressPointer());
  }
}
