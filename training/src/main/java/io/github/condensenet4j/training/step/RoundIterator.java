package io.github.condensenet4j.training.step;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Turns ParallelWrapper's loop inside out: the wrapper asks this iterator for data on a thread of
 * its own, and is held there between two rounds, until the next one is handed in.
 *
 * <p>The wrapper asks {@code hasNext} once before each round, which is when all workers are idle
 * and averaged, and once more than there are shares while it collects them.
 */
final class RoundIterator implements DataSetIterator {

  private static final long serialVersionUID = 1L;

  private final transient Lock lock = new ReentrantLock();
  private final transient Condition changed = lock.newCondition();
  private final transient Queue<DataSet> shares = new ArrayDeque<>();
  private transient Throwable failure;
  private boolean collecting;
  private boolean running;
  private boolean ended;

  /**
   * Hands in the shares of a round and returns when the wrapper is done with it.
   *
   * @throws IllegalStateException if the wrapper has ended; its failure is the cause
   */
  void train(List<DataSet> newShares) {
    lock.lock();
    try {
      shares.addAll(newShares);
      running = true;
      changed.signalAll();
      while (running && !ended) {
        // Not to be interrupted: a run ends between two steps, half a round would be of no use.
        changed.awaitUninterruptibly();
      }
      if (ended) {
        throw new IllegalStateException("data-parallel training has ended early", failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the rounds, from either side.
   *
   * @param newFailure why the wrapper cannot go on, or null
   */
  void end(Throwable newFailure) {
    lock.lock();
    try {
      ended = true;
      failure = newFailure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean hasNext() {
    lock.lock();
    try {
      if (!shares.isEmpty()) {
        return true;
      }
      if (collecting) {
        collecting = false;
        return false;
      }
      running = false;
      changed.signalAll();
      while (shares.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DataSet next() {
    lock.lock();
    try {
      collecting = true;
      return shares.remove();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DataSet next(int count) {
    return next();
  }

  @Override
  public int inputColumns() {
    return -1;
  }

  @Override
  public int totalOutcomes() {
    return -1;
  }

  @Override
  public boolean resetSupported() {
    return false;
  }

  @Override
  public boolean asyncSupported() {
    return false;
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException("rounds come once");
  }

  @Override
  public int batch() {
    return -1;
  }

  @Override
  public void setPreProcessor(DataSetPreProcessor preProcessor) {
    throw new UnsupportedOperationException("batches are taken as they are");
  }

  @Override
  public DataSetPreProcessor getPreProcessor() {
    return null;
  }

  @Override
  public List<String> getLabels() {
    return List.of();
  }
}
