package io.github.condensenet4j.cli;

import io.github.condensenet4j.engine.CompiledModel;
import java.util.Arrays;

/** A converted network in the engine. */
record EngineScorer(CompiledModel model) implements Scorer {

  @Override
  public float[][] logits(float[] images, int count, int size) {
    float[] all = model.logits(images, size, size);
    int classes = all.length / count;
    float[][] logits = new float[count][];
    for (int image = 0; image < count; image++) {
      logits[image] = Arrays.copyOfRange(all, image * classes, (image + 1) * classes);
    }
    return logits;
  }

  @Override
  public void close() {
    model.close();
  }
}
