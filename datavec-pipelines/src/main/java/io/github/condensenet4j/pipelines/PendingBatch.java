package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.CondenseNetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A batch that is being read by several threads, which take some places after the other: pictures
 * differ in the time that they take.
 *
 * @param <A> arrays that images are read into
 */
abstract class PendingBatch<A> {

  /** Reads the image of one place of a batch. */
  interface PlaceReader<A> {

    /**
     * Writes the image of {@code place} to {@code values} from {@code offset} on.
     *
     * @return the index of the image, or {@link #NONE} if the place stays empty
     */
    int read(int place, A values, int offset);
  }

  /** The answer of a reader whose place stays empty. */
  static final int NONE = -1;

  /** Runs of places that a thread takes, if it takes as many as the others. */
  private static final int RUNS_OF_A_THREAD = 8;

  final LabeledImages images;
  private final int[] indices;
  private BatchArrays arrays;
  private A values;
  private final AtomicInteger nextPlace = new AtomicInteger();
  private volatile boolean cancelled;
  private CompletableFuture<DataSet> batch;

  PendingBatch(LabeledImages images, int places) {
    this.images = images;
    this.indices = new int[places];
  }

  /** Reads a place as {@link PlaceReader#read} does. */
  abstract int read(int place, A values, int offset);

  /** Returns an array to read {@code length} numbers into. */
  abstract A scratch(BatchArrays from, int length);

  /**
   * Makes features of what was read, and changes the labels with them; gives the array back.
   *
   * @param read {@code [present.size(), channels, height, width]}
   * @param labels {@code [present.size(), classes]}, 1 at the class
   * @param present which images they are
   */
  abstract INDArray features(A read, float[] labels, List<Integer> present, BatchArrays to);

  /** Starts reading into arrays of {@code newArrays}. */
  void start(Executor executor, int threads, BatchArrays newArrays) {
    arrays = newArrays;
    values = scratch(arrays, Math.multiplyExact(indices.length, images.values()));
    int parts = Math.min(threads, indices.length);
    CompletableFuture<?>[] runs = new CompletableFuture<?>[parts];
    int run = Math.max(1, indices.length / (RUNS_OF_A_THREAD * Math.max(1, parts)));
    for (int part = 0; part < parts; part++) {
      runs[part] = CompletableFuture.runAsync(() -> readPlaces(run), executor);
    }
    // Never on the consumer's thread: arrays made there would belong to its open workspace.
    batch = CompletableFuture.allOf(runs).thenApplyAsync(done -> collect(), executor);
  }

  /** Reads {@code run} places after the other until there are none. */
  private void readPlaces(int run) {
    int first = nextPlace.getAndAdd(run);
    while (first < indices.length) {
      for (int place = first; place < Math.min(first + run, indices.length); place++) {
        if (cancelled) {
          throw new CancellationException();
        }
        indices[place] = read(place, values, place * images.values());
      }
      first = nextPlace.getAndAdd(run);
    }
  }

  /** Makes arrays of what was read, without the places that stayed empty. */
  private DataSet collect() {
    int length = images.values();
    int classes = images.classNames().size();
    List<Integer> present = new ArrayList<>(indices.length);
    float[] labels = new float[indices.length * classes];
    for (int place = 0; place < indices.length; place++) {
      if (indices[place] != NONE) {
        int to = present.size();
        if (to != place) {
          move(values, place * length, to * length, length);
        }
        labels[to * classes + images.label(indices[place])] = 1;
        present.add(indices[place]);
      }
    }
    int count = present.size();
    if (count == 0) {
      return new DataSet();
    }
    INDArray features = features(values, labels, present, arrays);
    INDArray oneHot = BatchArrays.copy(labels, count, classes);
    DataSet dataSet = new DataSet(features, oneHot);
    dataSet.setExampleMetaData(present);
    return dataSet;
  }

  /** Moves numbers to an earlier place, which they may overlap. */
  void move(A read, int from, int to, int length) {
    System.arraycopy(read, from, read, to, length);
  }

  /** Waits for the batch; empty if all its places are. */
  DataSet await() {
    DataSet read = whenRead();
    return read.isEmpty() ? read : onDevice(read);
  }

  /** Does what is left to do, on the thread that takes the batch. */
  DataSet onDevice(DataSet read) {
    return read;
  }

  private DataSet whenRead() {
    try {
      return batch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CondenseNetException("interrupted while waiting for images", e);
    } catch (CancellationException e) {
      throw new CondenseNetException("closed while waiting for images", e);
    } catch (ExecutionException e) {
      throw asUnchecked(e.getCause());
    }
  }

  private static RuntimeException asUnchecked(Throwable cause) {
    if (cause instanceof CompletionException && cause.getCause() != null) {
      return asUnchecked(cause.getCause());
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException exception
        ? exception
        : new CondenseNetException("images cannot be read: " + cause.getMessage(), cause);
  }

  void cancel() {
    cancelled = true;
    if (batch != null) {
      batch.cancel(false);
    }
  }
}
