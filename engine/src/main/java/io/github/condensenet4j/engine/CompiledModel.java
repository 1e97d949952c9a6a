package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.tensor.StateDict;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A condensed network ready to predict.
 *
 * <p>A single image is shared by all threads, for the shortest answer; of several images each
 * thread takes one after the other, for the most answers a second. Either way, and on whatever
 * number of threads, an image gets the same bits. Any number of threads may call at once; the
 * model's own threads help one of them at a time.
 *
 * <p>Images are {@code [count, 3, height, width]}, normalised as in training. Sizes other than the
 * architecture's are allowed, down to where the last block still has a pixel; the first image of a
 * size costs the planning. Images with numbers that are infinite or not numbers get logits that are
 * not numbers, and disturb no other image.
 *
 * <pre>{@code
 * try (CompiledModel model = CompiledModel.read(Path.of("model.zip"))) {
 *   float[] logits = model.logits(image);
 * }
 * }</pre>
 */
public final class CompiledModel implements AutoCloseable {

  /** How long the first image may keep the warm-up waiting. */
  private static final long WARM_UP_DELAY_MILLIS = 500;

  private final ModelDescription description;
  private final EngineOptions options;
  private final Team team;
  private final PlannedNetwork fast;
  private final WarmUp warmUp;
  private final CountDownLatch firstAnswer = new CountDownLatch(1);
  private final CompletableFuture<Void> warm = new CompletableFuture<>();
  private volatile PlannedNetwork network;
  private ExecutorService background;
  private volatile boolean closed;

  private CompiledModel(ModelDescription description, StateDict weights, EngineOptions options) {
    this.description = description;
    this.options = options;
    this.fast = new PlannedNetwork(FoldedNetwork.fold(description, weights), options);
    Architecture architecture = description.architecture();
    this.network = options.warmsUp() ? fast.on(options.meanwhile()) : fast;
    // Planned now, so that a size that does not fit fails here and the first call is not slow.
    network.sizePlan(architecture.imageSize(), architecture.imageSize());
    this.warmUp = options.warmsUp() ? new WarmUp(network, fast, architecture) : null;
    this.team = new Team(options.threads(), "condensenet-engine");
    if (options.warmsUp()) {
      daemon("condensenet-engine-warm-up", this::warmUp).start();
    } else {
      warm.complete(null);
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void warmUp() {
    try {
      // On two processors it would get into the way of the first image.
      firstAnswer.await(WARM_UP_DELAY_MILLIS, TimeUnit.MILLISECONDS);
      if (warmUp.succeeds()) {
        network = fast;
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; whoever does wants it to end.
      Thread.currentThread().interrupt();
    } finally {
      warm.complete(null);
    }
  }

  /**
   * Compiles a condensed network.
   *
   * @throws CondenseNetException if the network is not condensed or the weights are not its
   */
  public static CompiledModel compile(
      ModelDescription description, StateDict weights, EngineOptions options) {
    return new CompiledModel(description, weights, options);
  }

  /** Compiles a condensed model for all processors. */
  public static CompiledModel compile(CondensedModel model) {
    return compile(model, EngineOptions.defaults());
  }

  /** Compiles a condensed model. */
  public static CompiledModel compile(CondensedModel model, EngineOptions options) {
    return compile(model.description(), model.weights(), options);
  }

  /**
   * Reads a converted model file and compiles the weights that it is meant to be used with.
   *
   * @throws CondenseNetException if the file is damaged or its model is not converted
   */
  public static CompiledModel read(Path file, EngineOptions options) {
    try (ModelFile model = ModelFile.read(file)) {
      return compile(CondensedModel.of(model, model.defaultWeights()), options);
    }
  }

  /** Reads a converted model file and compiles it for all processors. */
  public static CompiledModel read(Path file) {
    // The vectors' classes are loaded while the file is read.
    CompletableFuture<EngineOptions> options =
        CompletableFuture.supplyAsync(EngineOptions::defaults);
    try (ModelFile model = ModelFile.read(file)) {
      CondensedModel condensed = CondensedModel.of(model, model.defaultWeights());
      return compile(condensed, options.join());
    }
  }

  /**
   * Waits until the model is as fast as it gets: for some seconds after the first start of a Java
   * process, until the vector loops are compiled, it answers with plain loops, some times slower
   * but to the same bits. For services before they say that they are ready, and before measuring.
   * Returns as well if the model is closed, and at the latest after two minutes.
   */
  public void awaitFullSpeed() {
    firstAnswer.countDown();
    warm.join();
  }

  /** Returns what was compiled. */
  public ModelDescription description() {
    return description;
  }

  /**
   * Returns the logits of some images of the architecture's size.
   *
   * @param images {@code [count, 3, size, size]}, for any count
   * @return {@code [count, classes]}
   * @throws CondenseNetException if {@code images} are not whole images, or the model is closed
   */
  public float[] logits(float[] images) {
    int size = description.architecture().imageSize();
    return logits(images, size, size);
  }

  /**
   * Returns the logits of some images.
   *
   * @param images {@code [count, 3, height, width]}, for any count
   * @return {@code [count, classes]}
   * @throws CondenseNetException if {@code images} are not whole images, the size is too small, or
   *     the model is closed
   */
  public float[] logits(float[] images, int height, int width) {
    long image = 3L * height * width;
    if (height < 1 || width < 1 || images.length % image != 0) {
      throw new CondenseNetException(
          "%s: %d numbers are no images of 3×%d×%d, which have %d; give whole images of that size"
              .formatted(description.qualifiedName(), images.length, height, width, image));
    }
    int count = (int) (images.length / image);
    float[] logits = new float[Math.multiplyExact(count, description.architecture().numClasses())];
    logits(images, 0, count, height, width, logits, 0);
    return logits;
  }

  /**
   * Writes the logits of some images, without allocating arrays.
   *
   * @param images holds {@code [count, 3, height, width]} from {@code at}
   * @param logits receives {@code [count, classes]} from {@code logitsAt}
   * @throws CondenseNetException if an array is too short, the size is too small, or the model is
   *     closed
   */
  public void logits(
      float[] images, int at, int count, int height, int width, float[] logits, int logitsAt) {
    if (closed) {
      throw closedException();
    }
    int classes = description.architecture().numClasses();
    checkRange("images", images.length, at, 3L * height * width, count);
    checkRange("logits", logits.length, logitsAt, classes, count);
    if (count == 0) {
      return;
    }
    PlannedNetwork now = network;
    now.logits(team, now.sizePlan(height, width), images, at, count, logits, logitsAt);
    firstAnswer.countDown();
  }

  /**
   * Returns the probabilities of the classes, the softmax of {@link #logits(float[])}.
   *
   * @param images {@code [count, 3, size, size]}
   * @return {@code [count, classes]}
   */
  public float[] predict(float[] images) {
    float[] probabilities = logits(images);
    int classes = description.architecture().numClasses();
    for (int at = 0; at < probabilities.length; at += classes) {
      softmax(probabilities, at, classes);
    }
    return probabilities;
  }

  /**
   * Does {@link #logits(float[])} on a thread of the model's. The future fails with a {@link
   * CondenseNetException} where that would throw one. The caller must leave {@code images} alone
   * until it is done.
   */
  public CompletableFuture<float[]> logitsAsync(float[] images) {
    try {
      return CompletableFuture.supplyAsync(() -> logits(images), background());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(closedException());
    }
  }

  private synchronized ExecutorService background() {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
    if (background == null) {
      ThreadFactory factory = task -> daemon("condensenet-engine-background", task);
      background = Executors.newFixedThreadPool(options.threads(), factory);
    }
    return background;
  }

  /**
   * Measures how long each layer takes. Takes a memory of its own, and times while it runs the
   * layers as {@link #logits(float[], int, int)} does; threads that look for work are not counted.
   *
   * @param images {@code [count, 3, height, width]}
   * @param seconds how long to repeat that, as long again to warm up
   * @return times in the order of the network
   * @throws CondenseNetException if {@code images} are not whole images, or the model is closed
   */
  public List<LayerTime> profile(float[] images, int height, int width, double seconds) {
    float[] logits = logits(images, height, width);
    int count = logits.length / description.architecture().numClasses();
    Stopwatch stopwatch = Stopwatch.on();
    SizePlan plan = fast.newSizePlan(height, width, stopwatch);
    int calls = 0;
    for (int round = 0; round < 2; round++) {
      stopwatch.reset();
      calls = 0;
      long end = System.nanoTime() + (long) (seconds * 1e9);
      do {
        fast.logits(team, plan, images, 0, count, logits, 0);
        calls++;
      } while (System.nanoTime() < end);
    }
    return stopwatch.times(Math.max(1, calls * count));
  }

  private void checkRange(String name, int length, int at, long each, int count) {
    if (at < 0 || count < 0 || each < 1 || at + each * count > length) {
      throw new CondenseNetException(
          "%s: %s holds %d numbers, %d times %d from place %d expected"
              .formatted(description.qualifiedName(), name, length, count, each, at));
    }
  }

  private static void softmax(float[] values, int at, int length) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, values[at + i]);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += Math.exp(values[at + i] - largest);
    }
    for (int i = 0; i < length; i++) {
      values[at + i] = (float) (Math.exp(values[at + i] - largest) / sum);
    }
  }

  private CondenseNetException closedException() {
    return new CondenseNetException(
        description.qualifiedName() + " is closed; compile it again to predict with it");
  }

  /** Ends the model's threads. Calls that run are completed, later ones are refused. */
  @Override
  public synchronized void close() {
    closed = true;
    if (warmUp != null) {
      warmUp.stop();
    }
    team.close();
    if (background != null) {
      background.shutdown();
    }
  }
}
