package io.github.condensenet4j.benchmarks;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.interchange.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the engine and ONNX Runtime in turn on the same network and images.
 *
 * <p>First all sides warm up and must agree. Then all the ways in which the peer can run take
 * turns, and the fastest goes on. What counts are pairs: a stretch of calls of one side and, at
 * once, one of the other, which side begins changing from pair to pair. Whatever else the machine
 * does so hits both sides alike, and what it did to a pair shows in the spread of the ratios.
 */
final class Comparison {

  // Both levels move the graph to ONNX Runtime's own operators; only ALL also to its blocked
  // layout,
  // whose conversions can cost more than it saves.
  private static final List<OptLevel> LEVELS = List.of(OptLevel.ALL_OPT, OptLevel.EXTENDED_OPT);

  private static final double WARM_UP_SHARE = 0.25;
  private static final double CHOICE_SHARE = 0.25;
  private static final int LEAST_PAIRS = 5;
  private static final double STRETCH_SECONDS = 0.1;

  // The peer's threads go on spinning for a while after a call; they must not share the machine
  // with the engine's turn.
  private static final long PAUSE_MILLIS = 5;

  // Single-precision sums of some hundred layers; a wrong graph is wrong by far more.
  private static final double SHARE_OF_RANGE = 1e-3;

  private final CondensedModel model;
  private final int batch;
  private final int threads;
  private final float[] images;

  Comparison(CondensedModel model, int batch, int threads) {
    this.model = model;
    this.batch = batch;
    this.threads = threads;
    this.images = RandomNetwork.images(batch, model.description().architecture().imageSize());
  }

  /** One way to run the peer; it is open. */
  private record Candidate(OnnxGraph graph, Contender peer) {}

  /**
   * Compares for about {@code seconds}, longer if that is too short for the least number of pairs.
   *
   * @throws CondenseNetException if the sides do not answer the same
   */
  ComparisonResult run(double seconds) {
    List<Candidate> candidates = new ArrayList<>();
    try (Contender engine = new EngineContender(model, images, batch, threads)) {
      float[] expected = engine.logits();
      warmUp(engine, WARM_UP_SHARE * seconds);
      openAll(candidates);
      for (Candidate candidate : candidates) {
        checkAgreement(expected, candidate.peer().logits(), candidate.graph());
      }
      keepFastest(candidates, CHOICE_SHARE * seconds);
      return pairs(engine, candidates.get(0), seconds * (1 - WARM_UP_SHARE - CHOICE_SHARE));
    } finally {
      candidates.forEach(candidate -> candidate.peer().close());
    }
  }

  private void openAll(List<Candidate> candidates) {
    for (OnnxGraph graph : List.of(OnnxGraph.GROUPED, OnnxGraph.DENSE)) {
      for (OptLevel level : LEVELS) {
        // With one thread there is nothing to wait for.
        for (boolean spinning : threads > 1 ? List.of(true, false) : List.of(true)) {
          OnnxContender.Settings settings = new OnnxContender.Settings(threads, level, spinning);
          candidates.add(
              new Candidate(graph, new OnnxContender(model, graph, settings, images, batch)));
        }
      }
    }
  }

  private static void warmUp(Contender contender, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      contender.run();
    } while (System.nanoTime() < end);
  }

  /** Closes and removes all but the one with the shortest call: the least disturbed of each. */
  private static void keepFastest(List<Candidate> candidates, double seconds) {
    Map<Candidate, Double> least = new HashMap<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      for (Candidate candidate : candidates) {
        least.merge(candidate, stretch(candidate.peer(), 1), Math::min);
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

  private ComparisonResult pairs(Contender engine, Candidate candidate, double seconds) {
    Contender peer = candidate.peer();
    int engineCalls = callsAStretch(millis(engine, 1));
    int peerCalls = callsAStretch(millis(peer, 1));
    List<Double> engineMillis = new ArrayList<>();
    List<Double> peerMillis = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (ratios.size() < LEAST_PAIRS || System.nanoTime() < end) {
      boolean engineBegins = ratios.size() % 2 == 0;
      double first = engineBegins ? stretch(engine, engineCalls) : stretch(peer, peerCalls);
      double second = engineBegins ? stretch(peer, peerCalls) : stretch(engine, engineCalls);
      engineMillis.add(engineBegins ? first : second);
      peerMillis.add(engineBegins ? second : first);
      ratios.add(engineBegins ? second / first : first / second);
    }
    return new ComparisonResult(
        model.description().name(),
        batch,
        threads,
        median(engineMillis),
        median(peerMillis),
        candidate.graph().name().toLowerCase(Locale.ROOT),
        ratios.stream().min(Comparator.naturalOrder()).orElseThrow(),
        ratios.stream().max(Comparator.naturalOrder()).orElseThrow());
  }

  private static int callsAStretch(double millis) {
    return (int) Math.max(1, Math.round(1000 * STRETCH_SECONDS / millis));
  }

  private static double stretch(Contender contender, int calls) {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CondenseNetException("the comparison was interrupted; run it again", e);
    }
    return millis(contender, calls);
  }

  /** Returns the milliseconds of one of {@code calls} calls. */
  private static double millis(Contender contender, int calls) {
    long start = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      contender.run();
    }
    return (System.nanoTime() - start) / 1e6 / calls;
  }

  private void checkAgreement(float[] expected, float[] found, OnnxGraph graph) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    float difference = 0;
    for (int i = 0; i < expected.length; i++) {
      least = Math.min(least, expected[i]);
      most = Math.max(most, expected[i]);
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    // Written so that a number that is none fails too.
    if (!(difference <= SHARE_OF_RANGE * (most - least))) {
      throw new CondenseNetException(
          "%s: the engine and ONNX Runtime (%s graph) differ by %s at logits from %s to %s; what is"
                  .formatted(model.description().qualifiedName(), graph, difference, least, most)
              + " wrong cannot be compared");
    }
  }

  /** Returns the middle one of {@code values}, or the mean of the middle two. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
