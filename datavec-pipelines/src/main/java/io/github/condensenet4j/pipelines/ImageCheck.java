package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Reads every image of a dataset to find those that cannot be. */
public final class ImageCheck {

  private ImageCheck() {}

  /**
   * Reads all of {@code images} with {@code threads} threads.
   *
   * @return what is wrong with each image that cannot be read, by index
   * @throws InvalidOptionException if {@code threads} is below 1
   * @throws CondenseNetException if the thread is interrupted meanwhile
   */
  public static SortedMap<Integer, String> unreadable(LabeledImages images, int threads) {
    if (threads < 1) {
      throw new InvalidOptionException("-j", "1 or more", threads);
    }
    SortedMap<Integer, String> unreadable = new ConcurrentSkipListMap<>();
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    AtomicInteger next = new AtomicInteger();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int thread = 0; thread < threads; thread++) {
        executor.execute(
            () -> {
              try {
                readRest(images, next, unreadable);
              } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
              }
            });
      }
      executor.shutdown();
      if (!executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
        throw new AssertionError("forever ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CondenseNetException("interrupted while images were read", e);
    } finally {
      next.set(images.size());
      executor.shutdown();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
    return new TreeMap<>(unreadable);
  }

  private static void readRest(
      LabeledImages images, AtomicInteger next, SortedMap<Integer, String> unreadable) {
    float[] values = new float[images.values()];
    for (int index = next.getAndIncrement();
        index < images.size();
        index = next.getAndIncrement()) {
      try {
        if (images instanceof ImageFolderDataset folder) {
          // All of it, also what evaluation does not see.
          folder.image(index);
        } else {
          images.read(index, values, 0);
        }
      } catch (InvalidFileException e) {
        unreadable.put(index, e.getMessage());
      }
    }
  }
}
