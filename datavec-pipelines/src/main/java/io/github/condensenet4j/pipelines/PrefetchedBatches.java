package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidOptionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Batches by number that are read ahead on threads of their own and handed out in order.
 *
 * <p>At most two batches wait or are being read at a time, each shared by all threads. For one
 * consumer; only {@link #close()} may be called from another thread.
 */
abstract class PrefetchedBatches implements DataSetIterator, AutoCloseable {

  private static final int READ_AHEAD = 2;
  private static final AtomicInteger THREAD_NUMBERS = new AtomicInteger();

  final transient LabeledImages images;
  final int batchSize;
  private final int threads;
  private final transient ExecutorService readers;
  private final transient Deque<PendingBatch<?>> pending = new ArrayDeque<>();
  private final transient BatchArrays arrays = new BatchArrays();
  private long nextToRead;
  private volatile boolean closed;
  private DataSetPreProcessor preProcessor;

  PrefetchedBatches(LabeledImages images, int batchSize, int threads) {
    if (batchSize < 1) {
      throw new InvalidOptionException("batch size", "at least 1", batchSize);
    }
    if (threads < 1) {
      throw new InvalidOptionException("number of reading threads", "at least 1", threads);
    }
    this.images = images;
    this.batchSize = batchSize;
    this.threads = threads;
    this.readers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "image-reader-" + THREAD_NUMBERS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Says what to read for batch {@code number}, or null if there is no such batch. */
  abstract PendingBatch<?> plan(long number);

  /** Forgets what was read ahead; the next batch is {@code number}. */
  final void readFrom(long number) {
    synchronized (pending) {
      pending.forEach(PendingBatch::cancel);
      pending.clear();
      nextToRead = number;
    }
  }

  /**
   * Returns the next batch, waiting until it is read, or null if there is none.
   *
   * @throws CondenseNetException if it cannot be read
   */
  final DataSet take() {
    PendingBatch<?> first;
    synchronized (pending) {
      // At one go: closing in between would leave nothing to wait for, as if all had been read.
      readAhead();
      first = pending.peekFirst();
    }
    if (first == null) {
      return null;
    }
    DataSet batch;
    try {
      batch = first.await();
    } finally {
      // Kept until now, so that closing ends the wait.
      synchronized (pending) {
        pending.remove(first);
      }
    }
    readAhead();
    if (preProcessor != null && !batch.isEmpty()) {
      preProcessor.preProcess(batch);
    }
    return batch;
  }

  private void readAhead() {
    synchronized (pending) {
      if (closed) {
        throw new IllegalStateException("these batches are closed");
      }
      while (pending.size() < READ_AHEAD) {
        PendingBatch<?> batch = plan(nextToRead);
        if (batch == null) {
          return;
        }
        nextToRead++;
        pending.addLast(batch);
        batch.start(readers, threads, arrays);
      }
    }
  }

  /**
   * Takes a batch back whose features nobody uses any more: a later batch is written into them,
   * which for small images is what most of their time goes to. Never needed.
   */
  public final void recycle(DataSet batch) {
    if (batch.getFeatures() != null) {
      arrays.giveBack(batch.getFeatures());
    }
  }

  /** Stops the threads; a consumer that waits for a batch gets an exception. */
  @Override
  public void close() {
    synchronized (pending) {
      closed = true;
      pending.forEach(PendingBatch::cancel);
      pending.clear();
    }
    readers.shutdownNow();
    try {
      readers.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the number of images in a full batch. */
  @Override
  public int batch() {
    return batchSize;
  }

  @Override
  public int totalOutcomes() {
    return images.classNames().size();
  }

  @Override
  public int inputColumns() {
    return images.values();
  }

  @Override
  public List<String> getLabels() {
    return images.classNames();
  }

  @Override
  public void setPreProcessor(DataSetPreProcessor preProcessor) {
    this.preProcessor = preProcessor;
  }

  @Override
  public DataSetPreProcessor getPreProcessor() {
    return preProcessor;
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  /** Returns false: batches are read ahead here already. */
  @Override
  public boolean asyncSupported() {
    return false;
  }

  /**
   * Returns the next batch.
   *
   * @param count must be {@link #batch()}: which images belong together is fixed
   */
  @Override
  public DataSet next(int count) {
    if (count != batchSize) {
      throw new InvalidOptionException("number of images asked for", "" + batchSize, count);
    }
    return next();
  }
}
