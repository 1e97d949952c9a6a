package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.kernels.KernelProvider;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the engine with ONNX Runtime and libtorch. */
@Command(
    name = "inference",
    description = {
      "Runs the engine and a peer in turn on the same networks and images.",
      "A ratio above 1 says how many times faster the engine is. Ends within 40 minutes."
    },
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true)
final class InferenceCommand implements Callable<Integer> {

  // Of the 40 minutes; what is left is for models to be made and sessions to be opened.
  private static final double MOST_SECONDS = 30 * 60;

  @Option(
      names = "--models",
      paramLabel = "NAME[,NAME...]",
      split = ",",
      defaultValue = "cdnv2_a,cdnv2_b,cdnv2_c,cdnv2_110,condensenet_86",
      description = "Networks; ${DEFAULT-VALUE} without it.")
  private List<String> models;

  @Option(
      names = "--batch",
      paramLabel = "N[,N...]",
      split = ",",
      description = "Images a call; without it 1,32, for small images 1,64.")
  private List<Integer> batches = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N[,N...]",
      split = ",",
      defaultValue = "1,2",
      description = "Threads of each side; ${DEFAULT-VALUE} without it.")
  private List<Integer> threads;

  @Option(
      names = "--peer",
      paramLabel = "onnxruntime|libtorch|all",
      defaultValue = "onnxruntime",
      description = "The other side, all for the fastest; ${DEFAULT-VALUE} without it.")
  private String peer;

  @Option(
      names = "--seconds",
      paramLabel = "F",
      defaultValue = "45",
      description = "How long each case may take, as far as the least number of pairs allows.")
  private double seconds;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to print; ${DEFAULT-VALUE} without it.")
  private String format;

  private final PrintStream out;

  InferenceCommand(PrintStream out) {
    this.out = out;
  }

  /** One network, batch and number of threads. */
  private record Case(String model, int batch, int threads) {}

  @Override
  public Integer call() {
    boolean json = ResultFormat.isJson(format);
    PeerChoice choice = PeerChoice.of(peer);
    List<Case> cases = cases();
    if (!json) {
      out.printf(
          "%d processors, Java %s, kernels: %s%n",
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("java.version"),
          KernelProvider.fastest().description());
      out.printf(
          "%-16s %5s %7s %10s %10s %-22s %6s %s%n",
          "model", "batch", "threads", "engine ms", "peer ms", "graph", "ratio", "(min-max)");
    }
    List<Object> results = new ArrayList<>();
    long end = System.nanoTime() + (long) (MOST_SECONDS * 1e9);
    CondensedModel model = null;
    for (int i = 0; i < cases.size(); i++) {
      Case next = cases.get(i);
      if (model == null || !model.description().name().equals(next.model())) {
        model = RandomNetwork.of(next.model());
      }
      double left = (end - System.nanoTime()) / 1e9 / (cases.size() - i);
      ComparisonResult result =
          new Comparison(model, next.batch(), next.threads(), choice)
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
    List<Case> cases = new ArrayList<>();
    for (String model : models) {
      boolean isSmall = RandomNetwork.isSmall(ArchitectureRegistry.describe(model));
      for (int batch : batches.isEmpty() ? List.of(1, isSmall ? 64 : 32) : batches) {
        for (int count : threads) {
          if (batch < 1 || count < 1) {
            throw new InvalidOptionException(
                batch < 1 ? "--batch" : "--threads", "1 or more", Math.min(batch, count));
          }
          cases.add(new Case(ArchitectureRegistry.describe(model).name(), batch, count));
        }
      }
    }
    return cases;
  }

  private void print(ComparisonResult result) {
    out.printf(
        Locale.ROOT,
        "%-16s %5d %7d %10.2f %10.2f %-22s %6.2f (%.2f-%.2f)%n",
        result.model(),
        result.batch(),
        result.threads(),
        result.pairs().ownMillis(),
        result.pairs().peerMillis(),
        result.peerGraph(),
        result.pairs().ratio(),
        result.pairs().ratioMin(),
        result.pairs().ratioMax());
    out.flush();
  }
}
