package io.github.condensenet4j.benchmarks;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.metrics.Logits;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.interchange.onnx.OnnxGraph;
import io.github.condensenet4j.peer.PeerProcess;
import io.github.condensenet4j.peer.PeerTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the engine and its peers in turn on the same network and images.
 *
 * <p>First all sides warm up and must agree. Then all the ways in which peers can run take turns,
 * and the fastest goes on to be compared in {@link Pairs}.
 */
final class Comparison {

  // Both levels move the graph to ONNX Runtime's own operators; only ALL also to its blocked
  // layout,
  // whose conversions can cost more than it saves.
  private static final List<OptLevel> LEVELS = List.of(OptLevel.ALL_OPT, OptLevel.EXTENDED_OPT);

  private static final double WARM_UP_SHARE = 0.25;

  /** Java 25 takes some three seconds until it has compiled the engine, whatever is measured. */
  private static final double LEAST_WARM_UP_SECONDS = 4;

  private static final double CHOICE_SHARE = 0.25;
  private static final int LEAST_PAIRS = 5;
  // Single-precision sums of some hundred layers; a wrong graph is wrong by far more.
  private static final double SHARE_OF_RANGE = 1e-3;

  private final CondensedModel model;
  private final PeerChoice choice;
  private final int batch;
  private final int threads;
  private final float[] images;

  Comparison(CondensedModel model, int batch, int threads, PeerChoice choice) {
    this.model = model;
    this.choice = choice;
    this.batch = batch;
    this.threads = threads;
    this.images = RandomNetwork.images(batch, model.description().architecture().imageSize());
  }

  /**
   * One way to run a peer; it is open.
   *
   * @param name what the peer computes, as it stands in the result
   */
  private record Candidate(String name, Contender peer) {}

  /**
   * Compares for about {@code seconds}, longer if that is too short for the least number of pairs.
   *
   * @throws CondenseNetException if the sides do not answer the same
   */
  ComparisonResult run(double seconds) {
    List<Candidate> candidates = new ArrayList<>();
    PeerProcess process = null;
    try (Contender engine = new EngineContender(model, images, batch, threads);
        TaskFiles files = new TaskFiles()) {
      float[] expected = engine.logits();
      warmUp(engine, Math.max(LEAST_WARM_UP_SECONDS, WARM_UP_SHARE * seconds));
      if (choice.includes(PeerChoice.ONNXRUNTIME)) {
        openOnnx(candidates);
      }
      if (choice.includes(PeerChoice.LIBTORCH)) {
        process = LibtorchProgram.start(threads);
        openLibtorch(candidates, files, process);
      }
      for (Candidate candidate : candidates) {
        checkAgreement(expected, candidate.peer().logits(), candidate.name());
      }
      keepFastest(candidates, CHOICE_SHARE * seconds);
      Candidate fastest = candidates.get(0);
      double left = seconds * (1 - WARM_UP_SHARE - CHOICE_SHARE);
      return new ComparisonResult(
          model.description().name(),
          batch,
          threads,
          Pairs.run(engine, fastest.peer(), left, LEAST_PAIRS),
          fastest.name());
    } finally {
      candidates.forEach(candidate -> candidate.peer().close());
      if (process != null) {
        process.close();
      }
    }
  }

  private void openOnnx(List<Candidate> candidates) {
    for (OnnxGraph graph : List.of(OnnxGraph.GROUPED, OnnxGraph.DENSE)) {
      for (OptLevel level : LEVELS) {
        // With one thread there is nothing to wait for.
        for (boolean spinning : threads > 1 ? List.of(true, false) : List.of(true)) {
          OnnxContender.Settings settings = new OnnxContender.Settings(threads, level, spinning);
          candidates.add(
              new Candidate(
                  graph.name().toLowerCase(Locale.ROOT),
                  new OnnxContender(model, graph, settings, images, batch)));
        }
      }
    }
  }

  private void openLibtorch(List<Candidate> candidates, TaskFiles files, PeerProcess process) {
    PeerTask task =
        files.task(
            PeerTask.Kind.INFERENCE, model.description(), model.weights(), images, batch, threads);
    for (String variant : process.variants(PeerTask.Kind.INFERENCE)) {
      candidates.add(
          new Candidate(
              LibtorchProgram.NAME + " " + variant,
              new LibtorchContender(process, task.as(variant))));
    }
  }

  private static void warmUp(Contender contender, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      contender.millis(1);
    } while (System.nanoTime() < end);
  }

  /** Closes and removes all but the one with the shortest call: the least disturbed of each. */
  private static void keepFastest(List<Candidate> candidates, double seconds) {
    Map<Candidate, Double> least = new HashMap<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      for (Candidate candidate : candidates) {
        least.merge(candidate, Pairs.stretch(candidate.peer(), 1), Math::min);
      }
    } while (System.nanoTime() < end);
    Candidate fastest = candidates.stream().min(Comparator.comparing(least::get)).orElseThrow();
    for (Candidate candidate : List.copyOf(candidates)) {
      if (!candidate.equals(fastest)) {
        candidates.remove(candidate);
        candidate.peer().close();
      }
    }
  }

  private void checkAgreement(float[] expected, float[] found, String peer) {
    double difference = Logits.largestDifference(found, expected);
    // Written so that a number that is none fails too.
    if (!(difference <= SHARE_OF_RANGE)) {
      throw new CondenseNetException(
          ("%s: the engine and its peer (%s) differ by %.2g of the logits' range; what is wrong"
                  + " cannot be compared")
              .formatted(model.description().qualifiedName(), peer, difference));
    }
  }
}
