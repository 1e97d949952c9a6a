package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.RandomModel;
import java.util.Random;

/** What is measured with: networks and images of random numbers. */
final class RandomNetwork {

  private static final long SEED = 1;
  private static final int SMALL = 64;

  private RandomNetwork() {}

  /** Returns the condensed form of the network called {@code name} in the registry. */
  static CondensedModel of(String name) {
    return RandomModel.condensed(ArchitectureRegistry.describe(name));
  }

  /** Tells whether {@code model} is for small images, as those of CIFAR. */
  static boolean isSmall(ModelDescription model) {
    return model.architecture().imageSize() <= SMALL;
  }

  /** Returns images {@code [count, 3, size, size]} of numbers like normalised pixels. */
  static float[] images(int count, int size) {
    Random random = new Random(SEED);
    float[] images = new float[Math.multiplyExact(count, 3 * size * size)];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }
}
