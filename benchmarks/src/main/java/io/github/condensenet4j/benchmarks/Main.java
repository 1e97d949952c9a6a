package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.process.JavaProcess;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of {@code benchmarks.jar}. */
@Command(
    name = "benchmarks",
    description = "Measures the engine, training and kernels.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {

  private static final int WRONG_USAGE = 2;

  private Main() {}

  /** Runs the program with {@code args} and ends the process with its exit code. */
  public static void main(String[] args) {
    JavaProcess.endWithOuter(1);
    int exitCode =
        JavaProcess.lacksVectors() ? VectorProcess.run(Main.class, args) : run(args, System.out);
    System.exit(exitCode);
  }

  /** Runs {@code args} in this process and returns the exit code; results go to {@code out}. */
  static int run(String[] args, PrintStream out) {
    CommandLine kernels = new CommandLine(new KernelsCommand());
    kernels.setUnmatchedOptionsArePositionalParams(true);
    return new CommandLine(new Main())
        .addSubcommand(new InferenceCommand(out))
        .addSubcommand(new TrainingCommand(out))
        .addSubcommand(kernels)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((wrong, all) -> fail(wrong, WRONG_USAGE))
        .setExecutionExceptionHandler((cause, command, parsed) -> fail(cause))
        .execute(args);
  }

  /** Runs when no command is given. */
  @Override
  public void run() {
    throw new InvalidOptionException(
        "a command is missing, inference, training or kernels expected; --help says more");
  }

  private static int fail(Exception cause) throws Exception {
    if (cause instanceof InvalidOptionException || cause instanceof ArchitectureException) {
      return fail(cause, WRONG_USAGE);
    }
    if (cause instanceof CondenseNetException) {
      return fail(cause, 1);
    }
    throw cause;
  }

  private static int fail(Exception cause, int exitCode) {
    System.err.println("error: " + cause.getMessage());
    return exitCode;
  }
}
