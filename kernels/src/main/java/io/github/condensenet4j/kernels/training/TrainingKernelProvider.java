package io.github.condensenet4j.kernels.training;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out once whether vectors can be used in training, and says so in one line of the log. */
public final class TrainingKernelProvider {

  private static final String MODULE = "jdk.incubator.vector";

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
    if (!ModuleLayer.boot().findModule(MODULE).isPresent()) {
      log.warn(
          "training: no SIMD, because the module {} is not loaded; add --add-modules {}",
          MODULE,
          MODULE);
      return Optional.empty();
    }
    try {
      // By name: the class cannot even be looked at without the module.
      TrainingKernels simd =
          Class.forName("io.github.condensenet4j.kernels.training.SimdTrainingKernels")
              .asSubclass(TrainingKernels.class)
              .getDeclaredConstructor()
              .newInstance();
      log.info("training: {}", simd.description());
      return Optional.of(simd);
    } catch (ReflectiveOperationException | LinkageError e) {
      log.warn(
          "training: no SIMD, because this virtual machine runs no vectors of {} ({})",
          MODULE,
          e.getCause() == null ? e : e.getCause());
      return Optional.empty();
    }
  }

  private static final class Plain {
    static final TrainingKernels KERNELS = new ScalarTrainingKernels();
  }

  private static final class Simd {
    static final Optional<TrainingKernels> KERNELS = find();
  }
}
