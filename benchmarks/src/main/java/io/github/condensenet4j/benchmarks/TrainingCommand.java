package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares training with libtorch. */
@Command(
    name = "training",
    description = {
      "Runs steps of training here and on libtorch in turn on the same networks and images.",
      "A ratio above 1 says how many times faster this project is. Ends within 40 minutes."
    },
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true)
final class TrainingCommand implements Callable<Integer> {

  // Of the 40 minutes; what is left is for processes to start and ways to compute to be tried.
  private static final double MOST_SECONDS = 25 * 60;

  private static final double MEBI = 1 << 20;

  @Option(
      names = "--models",
      paramLabel = "NAME[,NAME...]",
      split = ",",
      defaultValue = "cdnv2_a,cdnv2_c,cdnv2_110,condensenet_86",
      description = "Networks; ${DEFAULT-VALUE} without it.")
  private List<String> models;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images a step; without it 32, for small images 64.")
  private Integer batch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of each side; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--seconds",
      paramLabel = "F",
      defaultValue = "120",
      description = "How long each case may take, as far as the least number of pairs allows.")
  private double seconds;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to print; ${DEFAULT-VALUE} without it.")
  private String format;

  private final PrintStream out;

  TrainingCommand(PrintStream out) {
    this.out = out;
  }

  /** One network in one state. */
  private record Case(ModelDescription model, TrainingState state, int batch) {}

  @Override
  public Integer call() {
    boolean json = ResultFormat.isJson(format);
    List<Case> cases = cases();
    if (!json) {
      out.printf(
          "%d processors, Java %s, %d threads%n",
          Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"), threads);
      out.printf(
          "%-16s %5s %-9s %10s %10s %-12s %6s %-13s %8s %8s%n",
          "model",
          "batch",
          "state",
          "own ms",
          "peer ms",
          "peer",
          "ratio",
          "(min-max)",
          "own MiB",
          "peer MiB");
      out.flush();
    }
    List<Object> results = new ArrayList<>();
    long end = System.nanoTime() + (long) (MOST_SECONDS * 1e9);
    for (int i = 0; i < cases.size(); i++) {
      Case next = cases.get(i);
      double left = (end - System.nanoTime()) / 1e9 / (cases.size() - i);
      TrainingResult result =
          new TrainingComparison(next.model(), next.state(), next.batch(), threads)
              .run(Math.max(0, Math.min(seconds, left)));
      results.add(result.toJson());
      if (!json) {
        print(result);
      }
    }
    if (json) {
      out.print(JsonValue.of(results).pretty());
    }
    out.flush();
    return 0;
  }

  private List<Case> cases() {
    if (!(seconds > 0)) {
      throw new InvalidOptionException("--seconds", "a number above 0", seconds);
    }
    if (threads < 1 || (batch != null && batch < 1)) {
      throw new InvalidOptionException(
          threads < 1 ? "--threads" : "--batch", "1 or more", threads < 1 ? threads : batch);
    }
    List<Case> cases = new ArrayList<>();
    for (String name : models) {
      ModelDescription model = ArchitectureRegistry.describe(name).as(Form.TRAINABLE);
      int images = batch != null ? batch : RandomNetwork.isSmall(model) ? 64 : 32;
      for (TrainingState state : TrainingState.values()) {
        cases.add(new Case(model, state, images));
      }
    }
    return cases;
  }

  private void print(TrainingResult result) {
    Pairs pairs = result.pairs();
    out.printf(
        Locale.ROOT,
        "%-16s %5d %-9s %10.1f %10.1f %-12s %6.2f %-13s %8.0f %8.0f%n",
        result.model(),
        result.batch(),
        result.state(),
        pairs.ownMillis(),
        pairs.peerMillis(),
        result.peerVariant(),
        pairs.ratio(),
        "(%.2f-%.2f)".formatted(pairs.ratioMin(), pairs.ratioMax()),
        result.ownPeakBytes() / MEBI,
        result.peerPeakBytes() / MEBI);
    out.flush();
  }
}
