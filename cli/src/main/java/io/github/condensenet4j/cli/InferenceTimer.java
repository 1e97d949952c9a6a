package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.engine.EngineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Times calls of the engine.
 *
 * @param model the network
 * @param imageSize height and width of the images
 */
record InferenceTimer(CondensedModel model, int imageSize) {

  private static final long WARM_UP_NANOS = 2_000_000_000L;
  private static final long NANOS = 3_000_000_000L;
  private static final int LEAST_CALLS = 20;
  private static final double PROFILE_SECONDS = 2;

  /**
   * Times calls with {@code batch} images on {@code threads} threads.
   *
   * @param peak what the machine can reach, in 10⁹ operations a second
   * @param profiles whether to time each layer too
   */
  InferenceTiming time(int batch, int threads, double peak, boolean profiles) {
    float[] images = new float[Math.multiplyExact(batch, 3 * imageSize * imageSize)];
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    float[] logits = new float[batch * model.description().architecture().numClasses()];
    try (CompiledModel compiled =
        CompiledModel.compile(
            model, EngineOptions.defaults().withoutWarmUp().withThreads(threads))) {
      calls(compiled, images, batch, logits, WARM_UP_NANOS);
      long[] nanos = calls(compiled, images, batch, logits, NANOS);
      long work = BenchCommand.multiplyAdds(model.description(), imageSize);
      InferenceTiming timing = InferenceTiming.of(batch, threads, nanos, work, peak);
      return profiles
          ? timing.withLayers(compiled.profile(images, imageSize, imageSize, PROFILE_SECONDS))
          : timing;
    }
  }

  private long[] calls(
      CompiledModel compiled, float[] images, int batch, float[] logits, long least) {
    List<Long> nanos = new ArrayList<>();
    long start = System.nanoTime();
    long now = start;
    while (nanos.size() < LEAST_CALLS || now - start < least) {
      compiled.logits(images, 0, batch, imageSize, imageSize, logits, 0);
      long end = System.nanoTime();
      nanos.add(end - now);
      now = end;
    }
    return nanos.stream().mapToLong(Long::longValue).toArray();
  }
}
