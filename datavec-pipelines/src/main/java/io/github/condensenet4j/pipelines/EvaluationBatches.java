package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.nd4j.linalg.dataset.DataSet;

/**
 * All images of a dataset once and in order, read ahead of evaluation.
 *
 * <p>Features are {@code [N, C, H, W]} floats, labels {@code [N, classes]}, 1 at the class; the
 * last batch holds what is left. An image that cannot be read is left out of its batch and listed
 * in {@link #unreadable()}; nothing is ever put in its place. A batch's {@code getExampleMetaData}
 * holds the indices of its images.
 */
public final class EvaluationBatches extends PrefetchedBatches {

  private final transient SortedMap<Integer, String> unreadable = new ConcurrentSkipListMap<>();
  private transient DataSet lookedAt;

  /**
   * Creates batches of {@code batchSize} images, read by {@code threads} threads.
   *
   * @throws io.github.condensenet4j.core.InvalidOptionException if a number is below 1
   */
  public EvaluationBatches(LabeledImages images, int batchSize, int threads) {
    super(images, batchSize, threads);
  }

  /** Returns what is wrong with each image, by index, that could not be read so far. */
  public SortedMap<Integer, String> unreadable() {
    return new TreeMap<>(unreadable);
  }

  /** Tells whether there are more batches; waits for the next one. */
  @Override
  public boolean hasNext() {
    while (lookedAt == null) {
      DataSet batch = take();
      if (batch == null) {
        return false;
      }
      if (!batch.isEmpty()) {
        lookedAt = batch;
      }
    }
    return true;
  }

  @Override
  public DataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + images.size() + " images have been read");
    }
    DataSet batch = lookedAt;
    lookedAt = null;
    return batch;
  }

  /** Starts again at the first image. */
  @Override
  public void reset() {
    lookedAt = null;
    readFrom(0);
  }

  @Override
  PendingBatch<?> plan(long number) {
    long first = number * batchSize;
    if (first >= images.size()) {
      return null;
    }
    int places = (int) Math.min(batchSize, images.size() - first);
    PendingBatch.PlaceReader<float[]> reader =
        (place, values, offset) -> read((int) first + place, values, offset);
    return StreamedBatch.suits(images, places)
        ? new StreamedBatch(images, places, reader)
        : new FloatBatch(images, places, reader, FloatBatch.Change.NONE);
  }

  private int read(int index, float[] values, int offset) {
    try {
      images.read(index, values, offset);
      return index;
    } catch (InvalidFileException e) {
      unreadable.put(index, e.getMessage());
      return PendingBatch.NONE;
    }
  }
}
