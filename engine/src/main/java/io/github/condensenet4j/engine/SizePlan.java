package io.github.condensenet4j.engine;

import io.github.condensenet4j.kernels.Kernels;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/** The plan for images of one size, with the memory of images that are on their way or were. */
final class SizePlan {

  // More callers at once get memory too, but theirs is not kept for the next ones.
  private static final int KEPT_A_THREAD = 2;

  private final ImagePlan plan;
  private final List<Step> steps;
  private final Kernels kernels;
  private final Stopwatch stopwatch;
  private final ArrayBlockingQueue<Place> free;
  private final SharingChoice sharing = new SharingChoice();

  /** Where one thread works: its scratch and, once it needs it, the memory of an image. */
  final class Place {

    private final float[] scratch = ImageRun.scratch(plan, kernels);
    private ImageRun run;

    ImageRun run() {
      if (run == null) {
        run = new ImageRun(plan, kernels, stopwatch);
      }
      return run;
    }

    float[] scratch() {
      return scratch;
    }
  }

  SizePlan(
      FoldedNetwork network, int height, int width, EngineOptions options, Stopwatch stopwatch) {
    this.stopwatch = stopwatch;
    this.plan = new ImagePlan(network, height, width);
    this.steps = SharedImage.steps(plan, options.threads());
    this.kernels = options.kernels();
    this.free = new ArrayBlockingQueue<>(KEPT_A_THREAD * options.threads());
  }

  List<Step> steps() {
    return steps;
  }

  Stopwatch stopwatch() {
    return stopwatch;
  }

  /** Returns whether threads share a single image of this size. */
  SharingChoice sharing() {
    return sharing;
  }

  /** Returns the floats of an image. */
  int imageLength() {
    return 3 * plan.height() * plan.width();
  }

  int featureChannels() {
    return plan.lastBlock().outChannels();
  }

  Place take() {
    Place place = free.poll();
    return place == null ? new Place() : place;
  }

  void giveBack(Place place) {
    free.offer(place);
  }
}
