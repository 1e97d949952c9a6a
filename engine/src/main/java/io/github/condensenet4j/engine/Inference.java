package io.github.condensenet4j.engine;

import java.util.Arrays;
import java.util.List;

/**
 * The logits of up to {@link Head#MOST_IMAGES} images as work for a team: a single image step by
 * step on all threads, several images one a thread; then the head for all of them.
 */
final class Inference implements Work {

  private static final int CHANNELS = 3;
  private static final int FEATURE_PARTS = 4;

  private final SizePlan plan;
  private final Head head;
  private final Head.Memory memory;
  private final List<SizePlan.Place> places;
  private final float[] images;
  private final int at;
  private final int count;
  private final int[] imagePhases;
  private final boolean[] spoiled;

  /**
   * Prepares the work.
   *
   * @param places one for each worker
   * @param shared whether all workers share the one image
   */
  Inference(
      SizePlan plan,
      Head head,
      Head.Memory memory,
      List<SizePlan.Place> places,
      float[] images,
      int at,
      int count,
      boolean shared) {
    this.plan = plan;
    this.head = head;
    this.memory = memory;
    this.places = places;
    this.images = images;
    this.at = at;
    this.count = count;
    this.spoiled = new boolean[count];
    // Loading, the steps and the features; or everything in one phase.
    this.imagePhases = new int[shared ? plan.steps().size() + 2 : 1];
    if (shared) {
      places.get(0).run().begin();
      imagePhases[0] = CHANNELS;
      for (int i = 0; i < plan.steps().size(); i++) {
        imagePhases[i + 1] = plan.steps().get(i).chunks();
      }
      imagePhases[imagePhases.length - 1] = FEATURE_PARTS;
    } else {
      imagePhases[0] = count;
    }
  }

  @Override
  public int phases() {
    return imagePhases.length + head.stages().size();
  }

  @Override
  public int chunks(int phase) {
    return phase < imagePhases.length
        ? imagePhases[phase]
        : head.stages().get(phase - imagePhases.length).chunks();
  }

  @Override
  public void run(int phase, int chunk, int worker) {
    if (phase >= imagePhases.length) {
      long start = plan.stopwatch().start();
      head.stages().get(phase - imagePhases.length).action().run(memory, chunk);
      plan.stopwatch().stop("classifier", LayerTime.Operation.HEAD, head.multiplyAdds(), start);
    } else if (imagePhases.length == 1) {
      wholeImage(chunk, worker);
    } else {
      partOfImage(phase, chunk, worker);
    }
  }

  private void wholeImage(int image, int worker) {
    SizePlan.Place place = places.get(worker);
    ImageRun run = place.run();
    run.runAlone(images, at + image * plan.imageLength(), place.scratch());
    spoiled[image] = run.isSpoiled();
    if (!run.isSpoiled()) {
      run.features(0, plan.featureChannels(), memory.features(), image, head.images());
    }
  }

  private void partOfImage(int phase, int chunk, int worker) {
    ImageRun run = places.get(0).run();
    if (phase == 0) {
      run.load(images, at, chunk);
      return;
    }
    if (run.isSpoiled()) {
      spoiled[0] = true;
      return;
    }
    if (phase < imagePhases.length - 1) {
      plan.steps().get(phase - 1).action().run(run, chunk, places.get(worker).scratch());
    } else {
      int channels = plan.featureChannels();
      run.features(
          channels * chunk / FEATURE_PARTS,
          channels * (chunk + 1) / FEATURE_PARTS,
          memory.features(),
          0,
          1);
    }
  }

  /** Copies the logits out; those of images that held no finite numbers are not numbers. */
  void takeLogits(int classes, float[] logits, int logitsAt) {
    for (int image = 0; image < count; image++) {
      head.takeLogits(memory, image, logits, logitsAt + image * classes);
      if (spoiled[image]) {
        Arrays.fill(
            logits, logitsAt + image * classes, logitsAt + (image + 1) * classes, Float.NaN);
      }
    }
  }
}
