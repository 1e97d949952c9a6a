package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  // Of the 40 minutes; what is left is for processes to start, warm up and have ways to compute
  // tried.
  private static final double MOST_SECONDS = 18 * 60;

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

  @Mixin private final RunOptions run = new RunOptions(120, MOST_SECONDS);

  private final PrintStream out;

  TrainingCommand(PrintStream out) {
    this.out = out;
  }

  /** One network in one state. */
  private record Case(ModelDescription model, TrainingState state, int batch) {}

  @Override
  public Integer call() {
    String heading =
        "%d processors, Java %s, %d threads%n"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                threads);
    run.run(
        cases(),
        heading + TrainingResult.HEADING,
        out,
        (next, seconds) ->
            new TrainingComparison(next.model(), next.state(), next.batch(), threads).run(seconds));
    return 0;
  }

  private List<Case> cases() {
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
}
