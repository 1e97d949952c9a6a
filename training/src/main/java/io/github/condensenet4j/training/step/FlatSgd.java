package io.github.condensenet4j.training.step;

import io.github.condensenet4j.training.optimizer.NesterovSgd;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step of {@link NesterovSgd} with weight decay in one pass over the flat vectors of a graph:
 *
 * <pre>
 * g ← g / divisor + decay · w
 * v ← momentum · v + g
 * w ← w − rate · (g + momentum · v)     with Nesterov's correction
 * w ← w − rate · v                      without
 * </pre>
 *
 * <p>What Deeplearning4j's updater does parameter by parameter, with some operations of ND4J for
 * each. The velocities are the updater's own, so saving and averaging them goes on as before.
 */
final class FlatSgd {

  /** Neighbours in the flat vectors that are treated alike. */
  private record Stretch(long start, long end, long velocityStart, boolean decays) {
    long length() {
      return end - start;
    }
  }

  private final List<Stretch> stretches;
  private final FlatVectors vectors;
  private final double decay;
  private final double momentum;
  private final boolean nesterov;
  private final INDArray params;
  private final INDArray gradients;
  private final INDArray velocities;

  private FlatSgd(
      ComputationGraph graph, NesterovSgd config, double decay, List<Stretch> stretches) {
    this.stretches = stretches;
    vectors = new FlatVectors(stretches.stream().mapToLong(Stretch::length).toArray());
    this.decay = decay;
    momentum = config.momentum();
    nesterov = config.isNesterov();
    params = graph.params();
    gradients = graph.getFlattenedGradients();
    velocities = graph.getUpdater().getStateViewArray();
  }

  /** Returns the step for {@code graph}, or nothing where its optimiser or backend is another. */
  static Optional<FlatSgd> of(ComputationGraph graph, StepRecipe recipe) {
    if (!FlatVectors.allow(graph.params())) {
      return Optional.empty();
    }
    List<ParameterRanges.Range> ranges = ParameterRanges.of(graph).all();
    List<Stretch> stretches = new ArrayList<>();
    NesterovSgd config = null;
    for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
      if (!(block.getGradientUpdater().getConfig() instanceof NesterovSgd sgd)) {
        if (block.getUpdaterViewOffsetEnd() > block.getUpdaterViewOffsetStart()) {
          return Optional.empty();
        }
        continue;
      }
      if (config != null
          && (config.momentum() != sgd.momentum() || config.isNesterov() != sgd.isNesterov())) {
        return Optional.empty();
      }
      config = sgd;
      addStretches(block, ranges, recipe, stretches);
    }
    return config == null
        ? Optional.empty()
        : Optional.of(new FlatSgd(graph, config, recipe.weightDecay(), stretches));
  }

  private static void addStretches(
      UpdaterBlock block,
      List<ParameterRanges.Range> ranges,
      StepRecipe recipe,
      List<Stretch> stretches) {
    long toVelocity = (long) block.getUpdaterViewOffsetStart() - block.getParamOffsetStart();
    for (ParameterRanges.Range range : ranges) {
      if (range.start() < block.getParamOffsetStart() || range.end() > block.getParamOffsetEnd()) {
        continue;
      }
      boolean decays =
          recipe.weightDecay() > 0 && recipe.decayRule().decays(range.name(), range.dimensions());
      Stretch last = stretches.isEmpty() ? null : stretches.get(stretches.size() - 1);
      if (last != null
          && last.end() == range.start()
          && last.decays() == decays
          && last.velocityStart() - last.start() == toVelocity) {
        stretches.set(
            stretches.size() - 1,
            new Stretch(last.start(), range.end(), last.velocityStart(), decays));
      } else {
        stretches.add(new Stretch(range.start(), range.end(), range.start() + toVelocity, decays));
      }
    }
  }

  /**
   * Moves weights and velocities; gradients stay as they are.
   *
   * @param divisor what gradients are divided by
   */
  void step(double rate, double divisor) {
    try {
      vectors.forEachPiece(
          3,
          (number, offset, n, buffers) -> {
            Stretch stretch = stretches.get(number);
            FloatPointer weights = FlatVectors.pointer(params).position(stretch.start() + offset);
            FloatPointer slopes = FlatVectors.pointer(gradients).position(stretch.start() + offset);
            FloatPointer speeds =
                FlatVectors.pointer(velocities).position(stretch.velocityStart() + offset);
            weights.get(buffers[0], 0, n);
            slopes.get(buffers[1], 0, n);
            speeds.get(buffers[2], 0, n);
            float pull = stretch.decays() ? (float) decay : 0;
            step(buffers[0], buffers[1], buffers[2], n, (float) divisor, pull, (float) rate);
            weights.put(buffers[0], 0, n);
            speeds.put(buffers[2], 0, n);
          });
    } finally {
      Reference.reachabilityFence(params);
      Reference.reachabilityFence(gradients);
      Reference.reachabilityFence(velocities);
    }
  }

  private void step(float[] w, float[] g, float[] v, int n, float divisor, float pull, float rate) {
    float kept = (float) momentum;
    if (nesterov) {
      for (int i = 0; i < n; i++) {
        float slope = g[i] / divisor + pull * w[i];
        float speed = kept * v[i] + slope;
        v[i] = speed;
        w[i] -= rate * (slope + kept * speed);
      }
    } else {
      for (int i = 0; i < n; i++) {
        float speed = kept * v[i] + (g[i] / divisor + pull * w[i]);
        v[i] = speed;
        w[i] -= rate * speed;
      }
    }
  }
}
