package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.kernels.KernelProvider;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private final RunOptions run = new RunOptions(45, MOST_SECONDS);

  private final PrintStream out;
  private CondensedModel last;

  InferenceCommand(PrintStream out) {
    this.out = out;
  }

  /** One network, batch and number of threads. */
  private record Case(String model, int batch, int threads) {}

  @Override
  public Integer call() {
    PeerChoice choice = PeerChoice.of(peer);
    String heading =
        "%d processors, Java %s, kernels: %s%n"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                KernelProvider.fastest().description());
    run.run(
        cases(),
        heading + ComparisonResult.HEADING,
        out,
        (next, seconds) ->
            new Comparison(network(next.model()), next.batch(), next.threads(), choice)
                .run(seconds));
    return 0;
  }

  /** Makes a network, unless it is that of the last case. */
  private CondensedModel network(String name) {
    if (last == null || !last.description().name().equals(name)) {
      last = RandomNetwork.of(name);
    }
    return last;
  }

  private List<Case> cases() {
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
}
