package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.engine.EngineOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What computes a network's answers. */
final class EngineOption {

  @Option(
      names = "--engine",
      paramLabel = "auto|simd|nd4j",
      defaultValue = "auto",
      description =
          "What computes: simd, the engine in Java for converted networks, or nd4j; without it the"
              + " engine wherever it can.")
  private EngineChoice engine;

  /**
   * Tells whether the engine, and not ND4J, computes the answers of {@code model}.
   *
   * @param backend the backend that is asked for; a named device means ND4J
   * @throws InvalidOptionException if the engine is asked for and the network of {@code file} is
   *     not converted
   */
  boolean isCompiled(Path file, ModelInput model, BackendChoice backend) {
    boolean canBe = model.model().form().isCondensed();
    if (engine == EngineChoice.SIMD && !canBe) {
      throw new InvalidOptionException(
          "--engine simd takes converted networks, and that of "
              + file
              + " is not; convert it first, or take --engine nd4j");
    }
    return switch (engine) {
      case AUTO -> canBe && backend != BackendChoice.CUDA;
      case SIMD -> true;
      case ND4J -> false;
    };
  }

  /** Compiles {@code model} for all cores that this process may use. */
  static CompiledModel compile(ModelInput model) {
    return compile(model.model(), model.weights());
  }

  /** Compiles a network for all cores that this process may use. */
  static CompiledModel compile(ModelDescription model, StateDict weights) {
    return CompiledModel.compile(model, weights, EngineOptions.defaults());
  }
}
