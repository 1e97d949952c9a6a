package io.github.condensenet4j.kernels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks the fastest kernels that this machine and this virtual machine can run, once, and says so
 * in one line of the log.
 */
public final class KernelProvider {

  private static final String MODULE = "jdk.incubator.vector";

  private KernelProvider() {}

  /** Returns the fastest kernels; always the same ones. */
  public static Kernels fastest() {
    return Fastest.KERNELS;
  }

  /** Returns the plain loops, which need nothing and are slow. */
  public static Kernels plain() {
    return Plain.KERNELS;
  }

  private static Kernels choose() {
    Logger log = LoggerFactory.getLogger(KernelProvider.class);
    if (!ModuleLayer.boot().findModule(MODULE).isPresent()) {
      log.warn(
          "kernels: {}, because the module {} is not loaded; add --add-modules {}",
          plain().description(),
          MODULE,
          MODULE);
      return plain();
    }
    try {
      // By name: the class cannot even be looked at without the module.
      Kernels simd =
          Class.forName("io.github.condensenet4j.kernels.SimdKernels")
              .asSubclass(Kernels.class)
              .getDeclaredConstructor()
              .newInstance();
      log.info("kernels: {}", simd.description());
      return simd;
    } catch (ReflectiveOperationException | LinkageError e) {
      log.warn(
          "kernels: {}, because this virtual machine runs no vectors of {} ({})",
          plain().description(),
          MODULE,
          e.getCause() == null ? e : e.getCause());
      return plain();
    }
  }

  private static final class Plain {
    static final Kernels KERNELS = new ScalarKernels();
  }

  private static final class Fastest {
    static final Kernels KERNELS = choose();
  }
}
