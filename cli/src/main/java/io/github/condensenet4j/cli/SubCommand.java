package io.github.condensenet4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** A command of the program. */
abstract class SubCommand implements Callable<Integer> {

  @SuppressWarnings("UnusedVariable") // read by the parser
  @Mixin
  private CommonOptions common;

  private final Console console;

  SubCommand(Console console) {
    this.console = console;
  }

  /** Adds the options that are made from a table instead of a field each. */
  void declare(CommandSpec command) {}

  /** Does the work and returns the exit code. */
  @Override
  public abstract Integer call() throws Exception;

  /** Returns where to write. */
  final Console console() {
    return console;
  }
}
