package io.github.condensenet4j.engine;

import io.github.condensenet4j.kernels.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * A network with its plans and memory for one set of kernels. Any number of threads may call at
 * once.
 */
final class PlannedNetwork {

  /** Plans that are kept; a service that gets more sizes in turn plans anew. */
  private static final int KEPT_SIZES = 8;

  private final FoldedNetwork network;
  private final EngineOptions options;
  private final Map<List<Integer>, SizePlan> sizes =
      new LinkedHashMap<>(KEPT_SIZES, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Integer>, SizePlan> eldest) {
          return size() > KEPT_SIZES;
        }
      };
  private final List<HeadPlan> heads = new ArrayList<>();

  /** The head for a number of images, with memory that is not in use. */
  private record HeadPlan(Head head, ArrayBlockingQueue<Head.Memory> free) {
    Head.Memory take() {
      Head.Memory memory = free.poll();
      return memory == null ? head.newMemory() : memory;
    }
  }

  PlannedNetwork(FoldedNetwork network, EngineOptions options) {
    this.network = network;
    this.options = options;
    for (int images : new int[] {1, PlaneLayout.UNIT, Head.MOST_IMAGES}) {
      heads.add(
          new HeadPlan(
              new Head(network, options.kernels(), images, options.threads()),
              new ArrayBlockingQueue<>(2 * options.threads())));
    }
  }

  /** Returns the same network planned for other kernels. */
  PlannedNetwork on(Kernels kernels) {
    return new PlannedNetwork(network, new EngineOptions(options.threads(), kernels));
  }

  /** Returns the plan for images of a size, which is kept. */
  SizePlan sizePlan(int height, int width) {
    synchronized (sizes) {
      return sizes.computeIfAbsent(
          List.of(height, width), size -> newSizePlan(height, width, Stopwatch.OFF));
    }
  }

  /** Returns a plan of the caller's own. */
  SizePlan newSizePlan(int height, int width, Stopwatch stopwatch) {
    return new SizePlan(network, height, width, options, stopwatch);
  }

  /**
   * Writes the logits of {@code count} images, with the help of {@code team} if nobody else has it.
   */
  void logits(
      Team team, SizePlan plan, float[] images, int at, int count, float[] logits, int logitsAt) {
    int classes = network.architecture().numClasses();
    for (int first = 0; first < count; first += Head.MOST_IMAGES) {
      int now = Math.min(Head.MOST_IMAGES, count - first);
      slice(
          team,
          plan,
          images,
          at + first * plan.imageLength(),
          now,
          logits,
          logitsAt + first * classes);
    }
  }

  /** Does up to {@link Head#MOST_IMAGES} images. */
  private void slice(
      Team team, SizePlan plan, float[] images, int at, int count, float[] logits, int logitsAt) {
    if (!team.tryReserve()) {
      slice(team, plan, images, at, count, logits, logitsAt, false);
      return;
    }
    boolean reserved = true;
    try {
      if (count > 1) {
        slice(team, plan, images, at, count, logits, logitsAt, true);
        return;
      }
      boolean shared = plan.sharing().next();
      if (!shared) {
        team.release();
        reserved = false;
      }
      long start = System.nanoTime();
      slice(team, plan, images, at, count, logits, logitsAt, shared);
      plan.sharing().took(shared, System.nanoTime() - start);
    } finally {
      if (reserved) {
        team.release();
      }
    }
  }

  private void slice(
      Team team,
      SizePlan plan,
      float[] images,
      int at,
      int count,
      float[] logits,
      int logitsAt,
      boolean helped) {
    HeadPlan headPlan = headFor(count);
    Head.Memory memory = headPlan.take();
    List<SizePlan.Place> places = new ArrayList<>();
    for (int worker = 0; worker < (helped ? team.workers() : 1); worker++) {
      places.add(plan.take());
    }
    Inference work =
        new Inference(
            plan, headPlan.head(), memory, places, images, at, count, helped && count == 1);
    if (helped) {
      team.run(work);
    } else {
      Team.runAlone(work);
    }
    work.takeLogits(network.architecture().numClasses(), logits, logitsAt);
    // Only now: after a failure nobody knows what the memory holds.
    for (SizePlan.Place place : places) {
      plan.giveBack(place);
    }
    headPlan.free().offer(memory);
  }

  private HeadPlan headFor(int count) {
    int images = Head.imagesFor(count);
    for (HeadPlan plan : heads) {
      if (plan.head().images() == images) {
        return plan;
      }
    }
    throw new AssertionError(images);
  }
}
