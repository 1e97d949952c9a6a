package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.engine.EngineOptions;

/** The engine. */
final class EngineContender implements Contender {

  private final CompiledModel model;
  private final float[] images;
  private final int count;
  private final int size;
  private final float[] logits;

  EngineContender(CondensedModel condensed, float[] images, int count, int threads) {
    this.model =
        CompiledModel.compile(
            condensed, EngineOptions.defaults().withoutWarmUp().withThreads(threads));
    this.images = images;
    this.count = count;
    this.size = condensed.description().architecture().imageSize();
    this.logits = new float[count * condensed.description().architecture().numClasses()];
  }

  @Override
  public double millis(int calls) {
    return Side.timed(calls, this::run);
  }

  private void run() {
    model.logits(images, 0, count, size, size, logits, 0);
  }

  @Override
  public float[] logits() {
    run();
    return logits.clone();
  }

  @Override
  public void close() {
    model.close();
  }
}
