package io.github.condensenet4j.cli;

import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that computes with networks. */
abstract class NumericCommand extends SubCommand {

  @Mixin private BackendOptions backend;
  @Spec private CommandSpec spec;

  private OptionsWithoutEffect withoutEffect;

  NumericCommand(Console console) {
    super(console);
  }

  /** Sets the options of which to say that they have no effect, where they are used. */
  final void tell(OptionsWithoutEffect options) {
    withoutEffect = options;
  }

  @Override
  public final Integer call() throws Exception {
    check();
    Backend.check(backend.backend());
    OptionalInt exitCode =
        new Surroundings(backend.backend(), backend.threads()).runElsewhere(spec);
    if (exitCode.isPresent()) {
      return exitCode.getAsInt();
    }
    if (withoutEffect != null) {
      withoutEffect.tell(console().log());
    }
    prepare();
    if (needsNd4j()) {
      console().log().println(Backend.start());
    }
    return compute();
  }

  /** Refuses options that make no sense, before anything is opened. */
  abstract void check();

  /** Opens what the work needs, so that a missing file is told before anything is loaded. */
  void prepare() throws Exception {}

  /** Tells whether this run loads ND4J, known once it is prepared. */
  boolean needsNd4j() {
    return true;
  }

  /** Returns the backend that is asked for. */
  final BackendChoice backend() {
    return backend.backend();
  }

  /** Does the work and returns the exit code. */
  abstract int compute() throws Exception;
}
