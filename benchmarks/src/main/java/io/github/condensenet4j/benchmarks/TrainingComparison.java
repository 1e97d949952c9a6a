package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.process.JavaProcess;
import io.github.condensenet4j.peer.PeerProcess;
import io.github.condensenet4j.peer.PeerTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs steps of training here and on libtorch in turn, on the same network and images, each side in
 * a process of its own.
 *
 * <p>First libtorch tries its ways to compute, in a process that is thrown away so that its memory
 * does not count. Then both sides must lose the same on the first steps, and go on in {@link
 * Pairs}.
 */
final class TrainingComparison {

  private static final int LEAST_PAIRS = 3;

  /** Steps of each way that are timed, after one that is not. */
  private static final int TRIALS = 3;

  private static final int COMPARED_STEPS = 3;

  /** Steps that one side takes, and is timed for, before it is the other's turn. */
  private static final int STEPS_A_TURN = 3;

  /** Steps after which libtorch has its memory. */
  private static final int WARM_UP_STEPS = 10;

  /**
   * After it Java has compiled what a step needs: rare kernels take longer than ten short steps.
   */
  private static final double WARM_UP_SECONDS = 15;

  /** A short trial is not for its figures; its warm-up need not be so many times as long. */
  private static final double MOST_WARM_UP = 10;

  // Single-precision sums over a whole batch.
  private static final double SHARE_OF_LOSS = 1e-4;

  // Gradients of fifty layers with random weights multiply every rounding: after one step the loss
  // of CondenseNetV2-110 differs by half a percent between two layouts of libtorch itself. A step
  // of another rate, decay or momentum goes elsewhere all the same.
  private static final double SHARE_OF_LATER_LOSS = 2e-2;

  private final ModelDescription model;
  private final TrainingState state;
  private final int batch;
  private final int threads;

  TrainingComparison(ModelDescription model, TrainingState state, int batch, int threads) {
    this.model = model;
    this.state = state;
    this.batch = batch;
    this.threads = threads;
  }

  /**
   * Compares for about {@code seconds}, longer if that is too short for the least number of pairs.
   *
   * @throws CondenseNetException if the sides do not lose the same
   */
  TrainingResult run(double seconds) {
    try (TaskFiles files = new TaskFiles()) {
      PeerTask task =
          files.task(
              PeerTask.Kind.TRAINING,
              model,
              state.weights(model),
              RandomNetwork.images(batch, model.architecture().imageSize()),
              batch,
              threads);
      String variant = fastestVariant(task);
      try (PeerProcess own = startOwn(threads);
          PeerProcess peer = LibtorchProgram.start(threads);
          PeerProcess.Opened ownSteps = own.open(task);
          PeerProcess.Opened peerSteps = peer.open(task.as(variant))) {
        for (int step = 0; step < COMPARED_STEPS; step++) {
          checkAgreement(step, ownSteps.answer()[0], peerSteps.answer()[0]);
        }
        double millis = 1e3 * Math.min(WARM_UP_SECONDS, MOST_WARM_UP * seconds);
        for (double spent = 0; spent < millis; ) {
          spent += WARM_UP_STEPS * ownSteps.millis(WARM_UP_STEPS);
        }
        peerSteps.millis(WARM_UP_STEPS);
        Pairs pairs = Pairs.run(turns(ownSteps), turns(peerSteps), seconds, LEAST_PAIRS);
        return new TrainingResult(
            model.name(), batch, state, pairs, own.peakBytes(), peer.peakBytes(), variant);
      }
    }
  }

  /**
   * A step of training follows another one of the same training. The first of a turn, which finds
   * the other side's memory in the caches, is therefore taken and not timed.
   */
  private static Side turns(PeerProcess.Opened steps) {
    return calls -> {
      steps.millis(1);
      return steps.millis(Math.max(calls, STEPS_A_TURN));
    };
  }

  /** Returns the way in which libtorch's shortest step is shortest; the ways take turns. */
  private String fastestVariant(PeerTask task) {
    Map<String, Double> least = new HashMap<>();
    try (PeerProcess peer = LibtorchProgram.start(threads)) {
      Map<String, PeerProcess.Opened> opened = new LinkedHashMap<>();
      for (String variant : peer.variants(PeerTask.Kind.TRAINING)) {
        opened.put(variant, peer.open(task.as(variant)));
        opened.get(variant).millis(1);
      }
      for (int trial = 0; trial < TRIALS; trial++) {
        opened.forEach((variant, steps) -> least.merge(variant, steps.millis(1), Math::min));
      }
    }
    return least.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** Starts this project's side as the command line would for {@code --threads}. */
  static PeerProcess startOwn(int threads) {
    List<String> options = new ArrayList<>();
    options.add("-XX:ActiveProcessorCount=" + threads);
    options.addAll(JavaProcess.memory(threads));
    // Arrays do not live in Java's heap.
    options.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    options.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    if (JavaProcess.lacksVectors()) {
      options.addAll(List.of("--add-modules", JavaProcess.VECTORS));
    }
    if (JavaProcess.mustAllowUnsafe()) {
      options.add(JavaProcess.allowUnsafe());
      // Such a Java warns of native code too; a class path has no manifest to say that it is meant.
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    String count = String.valueOf(threads);
    return PeerProcess.start(
        "training",
        JavaProcess.commandOfOther(GraphTrainer.class, options),
        Map.of(
            "OMP_WAIT_POLICY", "passive",
            "OMP_NUM_THREADS", count,
            "SD_MAX_THREADS", count,
            "SD_MASTER_THREADS", count));
  }

  private void checkAgreement(int step, float own, float peer) {
    // Written so that a number that is none fails too.
    double share = step == 0 ? SHARE_OF_LOSS : SHARE_OF_LATER_LOSS;
    if (!(Math.abs(own - peer) <= share * Math.abs(peer))) {
      throw new CondenseNetException(
          "%s, %s: the loss of step %d is %s here and %s on libtorch; what is wrong cannot be compared"
              .formatted(model.name(), state, step + 1, own, peer));
    }
  }
}
