package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.kernels.KernelProvider;
import io.github.condensenet4j.kernels.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model answers at once, and goes over to its kernels when they are faster. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WarmUpTest {

  private static final ModelDescription MODEL = RandomModels.describe("cdnv2", "stages=1-1-1");
  private static final StateDict WEIGHTS = RandomModels.weights(MODEL, 1);
  private static final float[] IMAGE = RandomModels.images(1, 32, 32, 2);

  /** Plain loops that take a while longer and count how often they are called. */
  private static final class Slow {

    private final AtomicInteger calls = new AtomicInteger();
    private final Kernels kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> {
                  if (method.getReturnType() == void.class) {
                    calls.incrementAndGet();
                    Thread.sleep(1);
                  }
                  try {
                    return method.invoke(KernelProvider.plain(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  @Test
  void answersInTheSameBitsBeforeAndAfter() {
    try (CompiledModel model = CompiledModel.compile(MODEL, WEIGHTS, EngineOptions.defaults());
        CompiledModel atOnce =
            CompiledModel.compile(MODEL, WEIGHTS, EngineOptions.defaults().withoutWarmUp())) {
      float[] before = model.logits(IMAGE);
      model.awaitFullSpeed();

      assertThat(model.logits(IMAGE)).isEqualTo(before);
      assertThat(atOnce.logits(IMAGE)).isEqualTo(before);
    }
  }

  @Test
  void goesOverToKernelsThatAreFaster() {
    Slow slow = new Slow();
    EngineOptions options = new EngineOptions(1, KernelProvider.plain(), slow.kernels);
    try (CompiledModel model = CompiledModel.compile(MODEL, WEIGHTS, options)) {
      model.awaitFullSpeed();
      int calls = slow.calls.get();
      model.logits(IMAGE);

      assertThat(calls).isPositive();
      assertThat(slow.calls).hasValue(calls);
    }
  }

  @Test
  void staysWithWhatItHasUntilKernelsAreFaster() throws InterruptedException {
    Slow slow = new Slow();
    EngineOptions options = new EngineOptions(1, slow.kernels, KernelProvider.plain());
    CompiledModel model = CompiledModel.compile(MODEL, WEIGHTS, options);
    while (slow.calls.get() == 0) {
      Thread.sleep(1);
    }
    // Three passes of the slow kernels would be enough if they were faster.
    float[] logits = model.logits(IMAGE);
    model.close();
    model.awaitFullSpeed();

    try (CompiledModel plain =
        CompiledModel.compile(MODEL, WEIGHTS, new EngineOptions(1, KernelProvider.plain()))) {
      assertThat(logits).isEqualTo(plain.logits(IMAGE));
    }
  }
}
