package io.github.condensenet4j.training.step;

import io.github.condensenet4j.layers.arithmetic.Workers;
import io.github.condensenet4j.training.optimizer.NesterovSgd;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

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

  /** Floats at a time: three arrays of them stay in the second-level cache. */
  private static final int AT_ONCE = 1 << 14;

  /** Neighbours in the flat vectors that are treated alike. */
  private record Stretch(long start, long end, long velocityStart, boolean decays) {}

  private final List<Stretch> stretches;
  private final double decay;
  private final double momentum;
  private final boolean nesterov;
  private final INDArray params;
  private final INDArray gradients;
  private final INDArray velocities;

  private FlatSgd(
      ComputationGraph graph, NesterovSgd config, double decay, List<Stretch> stretches) {
    this.stretches = stretches;
    this.decay = decay;
    momentum = config.momentum();
    nesterov = config.isNesterov();
    params = graph.params();
    gradients = graph.getFlattenedGradients();
    velocities = graph.getUpdater().getStateViewArray();
  }

  /** Returns the step for {@code graph}, or nothing where its optimiser or backend is another. */
  static Optional<FlatSgd> of(ComputationGraph graph, StepRecipe recipe) {
    boolean onCpu = Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
    if (!onCpu || graph.params().dataType() != DataType.FLOAT) {
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
      int threads = Workers.threads();
      Workers.run(threads, thread -> step((float) rate, (float) divisor, thread, threads));
    } finally {
      Reference.reachabilityFence(params);
      Reference.reachabilityFence(gradients);
      Reference.reachabilityFence(velocities);
    }
  }

  /** Moves every piece that falls to one of the threads. */
  private void step(float rate, float divisor, int thread, int threads) {
    FloatPointer weights = new FloatPointer(params.data().addressPointer());
    FloatPointer slopes = new FloatPointer(gradients.data().addressPointer());
    FloatPointer speeds = new FloatPointer(velocities.data().addressPointer());
    float[] weight = new float[AT_ONCE];
    float[] gradient = new float[AT_ONCE];
    float[] velocity = new float[AT_ONCE];
    int piece = 0;
    for (Stretch stretch : stretches) {
      for (long at = stretch.start(); at < stretch.end(); at += AT_ONCE) {
        if (piece++ % threads != thread) {
          continue;
        }
        int n = (int) Math.min(AT_ONCE, stretch.end() - at);
        long velocityAt = at - stretch.start() + stretch.velocityStart();
        weights.position(at).get(weight, 0, n);
        slopes.position(at).get(gradient, 0, n);
        speeds.position(velocityAt).get(velocity, 0, n);
        step(weight, gradient, velocity, n, divisor, stretch.decays() ? (float) decay : 0, rate);
        weights.position(at).put(weight, 0, n);
        speeds.position(velocityAt).put(velocity, 0, n);
      }
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
