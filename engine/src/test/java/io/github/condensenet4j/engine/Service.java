package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelFileWriter;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.model.WeightsKind;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The smallest service: reads a model file, predicts once, and says what that took.
 *
 * <pre>
 * Service write cdnv2_a model.zip     writes a model file of random weights to try it on
 * Service model.zip                   the milliseconds from Java's start to the first logits, and to
 *                                     what came before
 * </pre>
 */
final class Service {

  private Service() {}

  public static void main(String[] args) {
    if (args[0].equals("write")) {
      write(RandomModel.condensed(ArchitectureRegistry.describe(args[1])), Path.of(args[2]));
      return;
    }
    long ready = System.currentTimeMillis();
    try (CompiledModel model = CompiledModel.read(Path.of(args[0]))) {
      long compiled = System.currentTimeMillis();
      float[] logits = model.logits(image(model));
      long done = System.currentTimeMillis();
      // Asked last: the management beans take a tenth of a second to load.
      long start = ManagementFactory.getRuntimeMXBean().getStartTime();
      System.out.printf(
          "first logits after %d ms (Java %d, model read and compiled %d)%n%s%n",
          done - start, ready - start, compiled - ready, Arrays.toString(Arrays.copyOf(logits, 5)));
    }
  }

  static void write(CondensedModel model, Path file) {
    new ModelFileWriter(model.metadata()).weights(WeightsKind.RAW, model.weights()).write(file);
  }

  /** Returns one image, always the same. */
  static float[] image(CompiledModel model) {
    int size = model.description().architecture().imageSize();
    return RandomModels.images(1, size, size, 1);
  }
}
