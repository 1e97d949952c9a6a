package io.github.condensenet4j.pipelines;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of batches, used again and again: what a fresh array costs, in zeroing it and in
 * giving it back, is many times what copying small images does.
 */
final class BatchArrays {

  /** Arrays that wait for a batch: more were never out at a time. */
  private static final int MOST_WAITING = 4;

  private final Queue<float[]> scratch = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<float[]> threads = ThreadLocal.withInitial(() -> new float[0]);
  private final Queue<byte[]> scratchBytes = new ConcurrentLinkedQueue<>();
  private final Queue<INDArray> returned = new ArrayBlockingQueue<>(MOST_WAITING);

  /** Returns an array to read into, of at least {@code length} floats, with any content. */
  float[] scratch(int length) {
    float[] used = scratch.poll();
    return used != null && used.length >= length ? used : new float[length];
  }

  /**
   * Returns this thread's own array, of at least {@code length} floats: what a thread has just used
   * is in its processor's cache.
   */
  float[] ofThisThread(int length) {
    if (threads.get().length < length) {
      threads.set(new float[length]);
    }
    return threads.get();
  }

  /** Takes an array back that nobody reads into any more. */
  void giveBack(float[] used) {
    scratch.add(used);
  }

  /** Returns an array to read into, of at least {@code length} bytes, with any content. */
  byte[] scratchBytes(int length) {
    byte[] used = scratchBytes.poll();
    return used != null && used.length >= length ? used : new byte[length];
  }

  /** Takes an array back that nobody reads into any more. */
  void giveBack(byte[] used) {
    scratchBytes.add(used);
  }

  /** Tells whether the memory of arrays can be written to without telling ND4J. */
  static boolean areInJavasReach() {
    // Another backend's arrays have a second home, which would have to be told.
    return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
  }

  /** Returns an array of {@code shape} that holds the first of {@code values}. */
  INDArray features(float[] values, long... shape) {
    if (!areInJavasReach()) {
      return copy(values, shape);
    }
    INDArray array = features(shape);
    array.data().asNioFloat().put(values, 0, (int) array.length());
    return array;
  }

  /** Returns an array of {@code shape} with any content, which belongs to no workspace. */
  INDArray features(long... shape) {
    INDArray array = returned.poll();
    return array != null && Arrays.equals(array.shape(), shape)
        ? array
        : Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', shape);
  }

  /** Returns a new array of {@code shape} that holds the first of {@code values}. */
  static INDArray copy(float[] values, long... shape) {
    int length = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    float[] exact = length == values.length ? values : Arrays.copyOf(values, length);
    return Nd4j.createFromArray(exact).reshape('c', shape);
  }

  /** Returns a new array of unsigned bytes that holds the first of {@code values}. */
  static INDArray copy(byte[] values, long... shape) {
    int length = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    byte[] exact = length == values.length ? values : Arrays.copyOf(values, length);
    return Nd4j.createFromArray(exact).castTo(DataType.UINT8).reshape('c', shape);
  }

  /** Takes an array back that {@link #features} has given out and nobody uses any more. */
  void giveBack(INDArray features) {
    if (areInJavasReach()
        && features.dataType() == DataType.FLOAT
        && features.ordering() == 'c'
        && !features.isAttached()
        && features.offset() == 0
        && features.length() == features.data().length()) {
      returned.offer(features);
    }
  }
}
