package io.github.condensenet4j.kernels;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks the fastest kernels that this machine and this virtual machine can run, once, and says so
 * in one line of the log.
 */
public final class KernelProvider {

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
    Optional<Kernels> simd =
        VectorModule.load(
            () ->
                Class.forName("io.github.condensenet4j.kernels.SimdKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance(),
            log,
            "kernels: " + plain().description());
    simd.ifPresent(kernels -> log.info("kernels: {}", kernels.description()));
    return simd.orElse(plain());
  }

  private static final class Plain {
    static final Kernels KERNELS = new ScalarKernels();
  }

  private static final class Fastest {
    static final Kernels KERNELS = choose();
  }
}
