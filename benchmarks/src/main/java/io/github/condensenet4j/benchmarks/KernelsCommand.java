package io.github.condensenet4j.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Hands the command line to JMH. */
@Command(
    name = "kernels",
    description = "Measures kernels with JMH, which understands all that follows; -h lists it.")
final class KernelsCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..*",
      paramLabel = "JMH",
      description = "Names of benchmarks and options of JMH.")
  private List<String> options = List.of();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(options.toArray(String[]::new));
    return 0;
  }
}
