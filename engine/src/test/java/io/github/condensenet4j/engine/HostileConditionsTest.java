package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.kernels.KernelProvider;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class HostileConditionsTest {

  private static final ModelDescription MODEL = RandomModels.describe("cdnv2", "stages=2-1-1");
  private static final StateDict WEIGHTS = RandomModels.weights(MODEL, 3);

  private final CompiledModel model =
      CompiledModel.compile(
          MODEL, WEIGHTS, EngineOptions.defaults().withoutWarmUp().withThreads(3));

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void eightThreadsGetWhatOneGets() throws InterruptedException, ExecutionException {
    List<float[]> images = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      images.add(RandomModels.images(i % 3 == 0 ? 1 : i, 32, 32, i));
      expected.add(model.logits(images.get(i)));
    }
    ExecutorService callers = Executors.newFixedThreadPool(8);
    List<Future<Integer>> wrong = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      int first = caller;
      Callable<Integer> hammer =
          () -> {
            int failures = 0;
            for (int call = 0; call < 60; call++) {
              int i = (first + call) % 8;
              failures += Arrays.equals(model.logits(images.get(i)), expected.get(i)) ? 0 : 1;
            }
            return failures;
          };
      wrong.add(callers.submit(hammer));
    }
    for (Future<Integer> failures : wrong) {
      assertThat(failures.get()).isZero();
    }
    callers.shutdown();
  }

  @Test
  void interruptsNeitherStopACallNorGetLost() {
    float[] image = RandomModels.images(1, 32, 32, 1);
    float[] images = RandomModels.images(9, 32, 32, 1);
    float[] one = model.logits(image);
    float[] many = model.logits(images);
    for (int i = 0; i < 50; i++) {
      Thread.currentThread().interrupt();
      assertThat(model.logits(image)).isEqualTo(one);
      assertThat(model.logits(images)).isEqualTo(many);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void interruptsThatComeWhileThreadsWaitForEachOtherDoNoHarm() throws InterruptedException {
    float[] image = RandomModels.images(1, 32, 32, 1);
    float[] images = RandomModels.images(9, 32, 32, 1);
    float[] one = model.logits(image);
    float[] many = model.logits(images);
    Thread caller = Thread.currentThread();
    AtomicBoolean done = new AtomicBoolean();
    Thread disturber =
        new Thread(
            () -> {
              while (!done.get()) {
                caller.interrupt();
                threadsOfEngines().forEach(Thread::interrupt);
                LockSupport.parkNanos(50_000);
              }
            });
    disturber.start();
    List<Boolean> right = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      right.add(Arrays.equals(model.logits(image), one));
      right.add(Arrays.equals(model.logits(images), many));
    }
    done.set(true);
    while (disturber.isAlive()) {
      // The last interrupts may hit this call itself.
      Thread.interrupted();
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(Thread.interrupted()).isFalse();
    assertThat(right).containsOnly(true);
  }

  @Test
  void aBusyMachineGetsTheSameFromMoreThreadsThanItHas() {
    int processors = Runtime.getRuntime().availableProcessors();
    AtomicBoolean done = new AtomicBoolean();
    for (int i = 0; i < 3 * processors; i++) {
      Thread thread = new Thread(() -> burn(done));
      thread.setDaemon(true);
      thread.start();
    }
    float[] image = RandomModels.images(1, 32, 32, 1);
    float[] images = RandomModels.images(9, 32, 32, 1);
    float[] one = model.logits(image);
    float[] many = model.logits(images);
    // A thread that waits without giving its processor away would take a time slice of the load's
    // for each of the hundred phases of a call: minutes, and the test's time limit.
    try (CompiledModel crowded =
        CompiledModel.compile(
            MODEL, WEIGHTS, EngineOptions.defaults().withoutWarmUp().withThreads(4 * processors))) {
      for (int i = 0; i < 15; i++) {
        assertThat(crowded.logits(image)).isEqualTo(one);
        assertThat(crowded.logits(images)).isEqualTo(many);
      }
    } finally {
      done.set(true);
    }
  }

  private static void burn(AtomicBoolean done) {
    while (!done.get()) {
      // A read of memory is work enough for a processor.
    }
  }

  @Test
  void threadsWithoutWorkSleep() throws InterruptedException {
    model.logits(RandomModels.images(9, 32, 32, 1));
    model.logits(RandomModels.images(1, 32, 32, 1));
    while (threadsOfEngines().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      Thread.sleep(10);
    }
    assertThat(threadsOfEngines()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void callsThatRunWhenTheModelIsClosedAreCompleted()
      throws InterruptedException, ExecutionException {
    float[] images = RandomModels.images(20, 32, 32, 1);
    float[] expected = model.logits(images);
    ExecutorService callers = Executors.newFixedThreadPool(3);
    CountDownLatch answers = new CountDownLatch(6);
    List<Future<Boolean>> results = new ArrayList<>();
    for (int caller = 0; caller < 3; caller++) {
      Callable<Boolean> untilRefused =
          () -> {
            while (true) {
              try {
                if (!Arrays.equals(model.logits(images), expected)) {
                  return false;
                }
                answers.countDown();
              } catch (CondenseNetException e) {
                return e.getMessage().contains("is closed");
              }
            }
          };
      results.add(callers.submit(untilRefused));
    }
    assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
    model.close();
    model.close();
    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
    callers.shutdown();
  }

  @Test
  void closingEndsItsThreads() throws InterruptedException {
    model.logitsAsync(RandomModels.images(1, 32, 32, 1)).join();
    model.close();
    for (int i = 0; i < 100 && threadsOfEngines().findAny().isPresent(); i++) {
      Thread.sleep(50);
    }
    assertThat(threadsOfEngines()).isEmpty();
  }

  private static Stream<Thread> threadsOfEngines() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("condensenet-engine"));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void imagesThatAreNoNumbersSpoilOnlyThemselves(float bad) {
    float[] images = RandomModels.images(4, 32, 32, 1);
    float[] expected = model.logits(images);
    float[] spoiled = images.clone();
    spoiled[2 * 3072 + 1234] = bad;

    float[] logits = model.logits(spoiled);

    for (int i = 0; i < logits.length; i++) {
      if (i / 10 == 2) {
        assertThat(logits[i]).isNaN();
      } else {
        assertThat(logits[i]).isEqualTo(expected[i]);
      }
    }
    float[] alone = Arrays.copyOfRange(spoiled, 2 * 3072, 3 * 3072);
    assertThat(model.logits(alone)).containsOnly(Float.NaN);
    assertThat(model.logits(images)).as("afterwards").isEqualTo(expected);
  }

  @Test
  void hugeNumbersLeaveNothingBehind() {
    float[] image = RandomModels.images(1, 32, 32, 1);
    float[] expected = model.logits(image);
    float[] huge = new float[3072];
    Arrays.fill(huge, Float.MAX_VALUE);
    for (int i = 0; i < 20; i++) {
      model.logits(huge);
      assertThat(model.logits(image)).isEqualTo(expected);
    }
  }

  @Test
  void noImagesGiveNoLogits() {
    assertThat(model.logits(new float[0])).isEmpty();
    assertThat(model.predict(new float[0])).isEmpty();
    assertThat(model.logitsAsync(new float[0]).join()).isEmpty();
    assertThat(model.logits(new float[0], 21, 45)).isEmpty();
    float[] logits = {1, 2, 3};
    model.logits(new float[5], 5, 0, 32, 32, logits, 3);
    assertThat(logits).containsExactly(1, 2, 3);
  }

  @ParameterizedTest(name = "{0} numbers as images of {1}×{2}")
  @CsvSource({
    "1, 32, 32, are no images of 3×32×32",
    "3073, 32, 32, are no images of 3×32×32",
    "3072, 32, 31, are no images of 3×32×31",
    "3072, 0, 32, are no images of 3×0×32",
    "3072, -32, -32, are no images of",
    "27, 3, 3, images of 3×3 pixels are too small",
    "3072, 65536, 65536, are no images of",
    "3072, 2147483647, 2147483647, are no images of"
  })
  void wrongShapesAreRefused(int numbers, int height, int width, String message) {
    assertThatThrownBy(() -> model.logits(new float[numbers], height, width))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest(name = "from {0} to {2}, {1} images")
  @CsvSource({"1, 2, 0", "-1, 1, 0", "0, -1, 0", "0, 3, 0", "0, 2, 1", "0, 1, -1", "0, 1, 11"})
  void rangesOutsideOfArraysAreRefused(int at, int count, int logitsAt) {
    float[] images = new float[2 * 3072];
    float[] logits = new float[20];
    assertThatThrownBy(() -> model.logits(images, at, count, 32, 32, logits, logitsAt))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void sizesWhoseProductOverflowsAreRefused() {
    int huge = 1_300_000_000;
    float[] logits = new float[20];
    assertThatThrownBy(() -> model.logits(new float[6144], 0, 2, huge, huge, logits, 0))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("use smaller ones");
  }

  @Test
  void manySizesInTurnGiveTheSameAsEachAlone() {
    float[] first = model.logits(RandomModels.images(1, 20, 20, 1), 20, 20);
    for (int size = 8; size < 40; size++) {
      model.logits(RandomModels.images(1, size, size + 1, 1), size, size + 1);
    }
    assertThat(model.logits(RandomModels.images(1, 20, 20, 1), 20, 20)).isEqualTo(first);
  }

  @Test
  void onceClosedItRefusesCallsInOneSentence() {
    model.close();
    assertThatThrownBy(() -> model.logits(new float[3072]))
        .isInstanceOf(CondenseNetException.class)
        .hasMessage("converted_cdnv2 is closed; compile it again to predict with it");
    CompletableFuture<float[]> later = model.logitsAsync(new float[3072]);
    assertThat(later).isCompletedExceptionally();
  }

  @Test
  void asynchronousCallsGetTheSame() {
    float[] images = RandomModels.images(3, 32, 32, 1);
    List<CompletableFuture<float[]>> futures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      futures.add(model.logitsAsync(images));
    }
    float[] expected = model.logits(images);
    for (CompletableFuture<float[]> future : futures) {
      assertThat(future.join()).isEqualTo(expected);
    }
  }

  @Test
  void callsAllocateNoArrays() {
    float[] image = RandomModels.images(1, 32, 32, 1);
    float[] images = RandomModels.images(8, 32, 32, 1);
    float[] logits = new float[80];
    // The plain kernels: vectors are objects until the compiler has seen to it, at a time of its
    // own.
    try (CompiledModel alone =
        CompiledModel.compile(MODEL, WEIGHTS, new EngineOptions(1, KernelProvider.plain()))) {
      alone.logits(image, 0, 1, 32, 32, logits, 0);
      alone.logits(images, 0, 8, 32, 32, logits, 0);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < 5; i++) {
        alone.logits(image, 0, 1, 32, 32, logits, 0);
        alone.logits(images, 0, 8, 32, 32, logits, 0);
      }
      long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
      // A few small objects a call; the arrays of one image alone are hundreds of kilobytes.
      assertThat(allocated / 10).isLessThanOrEqualTo(2_000);
    }
  }

  @Test
  void networksThatAreNotCondensedAreRefused() {
    ModelDescription trainable = MODEL.as(Form.TRAINABLE);
    assertThatThrownBy(
            () ->
                CompiledModel.compile(trainable, WEIGHTS, EngineOptions.defaults().withoutWarmUp()))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("is not condensed");
  }

  @Test
  void indicesOutsideOfTheChannelsAreRefused() {
    String name = "features.denseblock_1.denselayer_1.sfr.index";
    Map<String, Tensor> damaged = new LinkedHashMap<>(WEIGHTS.asMap());
    long[] index = damaged.get(name).toLongs();
    index[1] = 16;
    damaged.put(name, Tensor.ofLongs(index, index.length));
    assertThatThrownBy(
            () ->
                CompiledModel.compile(
                    MODEL, StateDict.of(damaged), EngineOptions.defaults().withoutWarmUp()))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining(name + " holds 16");
  }

  @Test
  void numbersOfThreadsHaveLimits() {
    assertThatThrownBy(() -> EngineOptions.defaults().withoutWarmUp().withThreads(0))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--threads is 0");
  }
}
