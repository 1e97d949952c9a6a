package io.github.condensenet4j.kernels.training;

import io.github.condensenet4j.kernels.VectorModule;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out once whether vectors can be used in training, and says so in one line of the log. */
public final class TrainingKernelProvider {

  private TrainingKernelProvider() {}

  /** Returns the kernels on vectors, or nothing where this virtual machine has none. */
  public static Optional<TrainingKernels> simd() {
    return Simd.KERNELS;
  }

  /** Returns the plain loops, which need nothing and are slow. */
  public static TrainingKernels plain() {
    return Plain.KERNELS;
  }

  private static Optional<TrainingKernels> find() {
    Logger log = LoggerFactory.getLogger(TrainingKernelProvider.class);
    Optional<TrainingKernels> simd =
        VectorModule.load(
            () ->
                Class.forName("io.github.condensenet4j.kernels.training.SimdTrainingKernels")
                    .asSubclass(TrainingKernels.class)
                    .getDeclaredConstructor()
                    .newInstance(),
            log,
            "training: no SIMD");
    simd.ifPresent(kernels -> log.info("training: {}", kernels.description()));
    return simd;
  }

  private static final class Plain {
    static final TrainingKernels KERNELS = new ScalarTrainingKernels();
  }

  private static final class Simd {
    static final Optional<TrainingKernels> KERNELS = find();
  }
}
