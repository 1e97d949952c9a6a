package io.github.condensenet4j.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.nd4j.linalg.dataset.DataSet;

/**
 * How many images a second a loader gets through, stage by stage: each figure is of everything up
 * to that stage.
 *
 * @param threads threads that work on it
 * @param read bytes of files; none where images are in memory
 * @param decode files to pixels; none where images are in memory
 * @param augment images as the network sees them, one after the other
 * @param batch whole batches, as training or evaluation takes them
 */
public record LoaderSpeed(
    int threads, OptionalDouble read, OptionalDouble decode, double augment, double batch) {

  /**
   * Measures how fast training gets its images.
   *
   * @param images what is read, again and again
   * @param batches makes the stream of batches for a number of threads
   * @param augmentation what training does to an image
   * @param seconds time for each stage
   */
  public static LoaderSpeed ofTraining(
      LabeledImages images,
      TrainingBatches.Builder batches,
      Augmentation augmentation,
      int threads,
      double seconds) {
    double whole;
    try (TrainingBatches stream = batches.threads(threads).build()) {
      long batchSize = stream.next().numExamples();
      whole = repeat(seconds, () -> taken(stream), batchSize);
    }
    return of(
        images,
        threads,
        seconds,
        whole,
        values ->
            index ->
                images.readAugmented(index, augmentation, RandomStream.of(0, index), values, 0));
  }

  /**
   * Measures how fast evaluation gets its images.
   *
   * @param images what is read, again and again
   * @param batchSize images of a batch
   * @param seconds time for each stage
   */
  public static LoaderSpeed ofEvaluation(
      LabeledImages images, int batchSize, int threads, double seconds) {
    double whole;
    try (EvaluationBatches stream = new EvaluationBatches(images, batchSize, threads)) {
      whole =
          repeat(
              seconds,
              () -> {
                if (!stream.hasNext()) {
                  stream.reset();
                }
                return taken(stream);
              },
              batchSize);
    }
    return of(images, threads, seconds, whole, values -> index -> images.read(index, values, 0));
  }

  private static int taken(PrefetchedBatches stream) {
    DataSet batch = stream.next();
    stream.recycle(batch);
    return batch.numExamples();
  }

  /** What one thread does with an image, given an array of its own. */
  private interface Stage {
    IntConsumer with(float[] values);
  }

  private static LoaderSpeed of(
      LabeledImages images, int threads, double seconds, double whole, Stage augment) {
    OptionalDouble read = OptionalDouble.empty();
    OptionalDouble decode = OptionalDouble.empty();
    if (images instanceof ImageFolderDataset folder) {
      read = measured(images, threads, seconds, values -> folder::bytes);
      decode = measured(images, threads, seconds, values -> folder::image);
    }
    return new LoaderSpeed(
        threads, read, decode, measured(images, threads, seconds, augment).getAsDouble(), whole);
  }

  /** Counts what {@code take} takes, after a first time that warms up. */
  private static double repeat(double seconds, IntSupplier take, long least) {
    long warm = System.nanoTime() + (long) (seconds * 5e8);
    long start = 0;
    long taken = 0;
    for (long now = System.nanoTime(); ; now = System.nanoTime()) {
      if (start == 0 && now >= warm) {
        start = now;
        taken = 0;
      }
      if (start != 0 && now >= start + seconds * 1e9 && taken >= least) {
        break;
      }
      taken += take.getAsInt();
    }
    return taken / ((System.nanoTime() - start) / 1e9);
  }

  private static OptionalDouble measured(
      LabeledImages images, int threads, double seconds, Stage stage) {
    AtomicInteger next = new AtomicInteger();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<CompletableFuture<Double>> speeds = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        speeds.add(
            CompletableFuture.supplyAsync(
                () -> {
                  IntConsumer work = stage.with(new float[images.values()]);
                  return repeat(
                      seconds,
                      () -> {
                        work.accept(Math.floorMod(next.getAndIncrement(), images.size()));
                        return 1;
                      },
                      1);
                },
                executor));
      }
      return OptionalDouble.of(speeds.stream().mapToDouble(CompletableFuture::join).sum());
    } finally {
      executor.shutdown();
    }
  }
}
