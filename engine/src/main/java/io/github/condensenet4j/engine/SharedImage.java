package io.github.condensenet4j.engine;

import io.github.condensenet4j.kernels.GroupWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * How several threads share one image: the steps between which they wait for each other.
 *
 * <p>Large planes are cut by pixels. A layer's reactivation and the next layer's learned
 * convolution look at single pixels only and need no waiting between them, so that a layer costs
 * one wait. Small planes are cut by groups of channels instead: every thread then reads only its
 * part of the weights, which are much more than the pixels there.
 */
final class SharedImage {

  /** Planes below this are cut by groups. */
  private static final int SMALL_PLANE = 512;

  private static final int LEAST_PIXELS = 64;
  private static final int PARTS_A_THREAD = 3;

  private final int threads;
  private final List<Step> steps = new ArrayList<>();

  private SharedImage(int threads) {
    this.threads = threads;
  }

  /** Returns the steps from the loaded image to the features of the last block. */
  static List<Step> steps(ImagePlan plan, int threads) {
    SharedImage shared = new SharedImage(threads);
    shared.byPixels(plan.blocks().get(0).plane(), (run, from, to, scratch) -> run.stem(from, to));
    for (int b = 0; b < plan.blocks().size(); b++) {
      ImagePlan.Block block = plan.blocks().get(b);
      if (b > 0) {
        shared.pool(plan.blocks().get(b - 1), block);
      }
      if (block.plane().length() < SMALL_PLANE) {
        shared.smallBlock(block);
      } else {
        shared.largeBlock(block);
      }
    }
    return List.copyOf(shared.steps);
  }

  private void pool(ImagePlan.Block block, ImagePlan.Block next) {
    int parts = Math.min(next.inChannels(), PARTS_A_THREAD * threads);
    steps.add(
        new Step(
            parts,
            (run, chunk, scratch) ->
                run.pool(
                    block,
                    next,
                    next.inChannels() * chunk / parts,
                    next.inChannels() * (chunk + 1) / parts)));
  }

  private void largeBlock(ImagePlan.Block block) {
    List<ImagePlan.Layer> layers = block.layers();
    byPixels(
        block.plane(),
        (run, from, to, scratch) -> run.learned(block, layers.get(0), from, to, scratch));
    for (int l = 0; l < layers.size(); l++) {
      ImagePlan.Layer layer = layers.get(l);
      ImagePlan.Layer next = l + 1 < layers.size() ? layers.get(l + 1) : null;
      if (layer.squeeze() != null) {
        byPixels(block.plane(), (run, from, to, scratch) -> run.grouped(block, layer, from, to));
        squeeze(block, layer);
      }
      byPixels(
          block.plane(),
          (run, from, to, scratch) -> {
            if (layer.squeeze() == null) {
              run.grouped(block, layer, from, to);
            } else {
              run.excite(block, layer, from, to);
            }
            run.reactivate(block, layer, from, to, scratch);
            if (next != null) {
              run.learned(block, next, from, to, scratch);
            }
          });
    }
  }

  private void smallBlock(ImagePlan.Block block) {
    for (ImagePlan.Layer layer : block.layers()) {
      byRows(
          layer.learned().weights(),
          (run, from, to, scratch) -> run.learnedRows(block, layer, from, to, scratch));
      byRows(
          layer.grouped().weights(),
          (run, from, to, scratch) -> run.groupedRows(block, layer, from, to));
      if (layer.squeeze() != null) {
        squeeze(block, layer);
      }
      if (layer.squeeze() != null || layer.reactivation() != null) {
        byPixels(
            block.plane(),
            (run, from, to, scratch) -> {
              if (layer.squeeze() != null) {
                run.excite(block, layer, from, to);
              }
              run.reactivate(block, layer, from, to, scratch);
            });
      }
    }
  }

  private void squeeze(ImagePlan.Block block, ImagePlan.Layer layer) {
    steps.add(new Step(1, (run, chunk, scratch) -> run.squeeze(block, layer)));
  }

  /** Something that is done to a range. */
  @FunctionalInterface
  private interface OnRange {
    void run(ImageRun run, int from, int to, float[] scratch);
  }

  private void byPixels(PlaneLayout plane, OnRange action) {
    int length = plane.length();
    int parts = Math.max(1, Math.min(PARTS_A_THREAD * threads, length / LEAST_PIXELS));
    int units = length / PlaneLayout.UNIT;
    steps.add(
        new Step(
            parts,
            (run, chunk, scratch) ->
                action.run(
                    run,
                    (int) ((long) units * chunk / parts) * PlaneLayout.UNIT,
                    (int) ((long) units * (chunk + 1) / parts) * PlaneLayout.UNIT,
                    scratch)));
  }

  private void byRows(GroupWeights weights, OnRange action) {
    int parts = Math.min(weights.groups(), Team.MOST_CHUNKS);
    steps.add(
        new Step(
            parts,
            (run, chunk, scratch) ->
                action.run(
                    run,
                    weights.groups() * chunk / parts * weights.rows(),
                    weights.groups() * (chunk + 1) / parts * weights.rows(),
                    scratch)));
  }
}
