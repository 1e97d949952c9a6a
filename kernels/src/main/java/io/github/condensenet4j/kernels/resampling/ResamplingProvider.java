package io.github.condensenet4j.kernels.resampling;

import io.github.condensenet4j.kernels.VectorModule;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Finds out once whether vectors can be used on pictures; says so in the log if they cannot. */
public final class ResamplingProvider {

  private static final int MOST_PLAIN = 100;

  private static int plainPictures;

  private ResamplingProvider() {}

  /** Returns the kernels on vectors, or nothing where this virtual machine has none. */
  public static Optional<ResamplingKernels> simd() {
    return Simd.KERNELS;
  }

  /** Returns the plain loops, which need nothing and are as fast at once as they ever get. */
  public static ResamplingKernels plain() {
    return Plain.KERNELS;
  }

  /**
   * Returns the kernels for the next picture: plain loops for the first ones of a process, because
   * until the compiler has come to them, operations on vectors take a hundred times as long, more
   * than a short program needs for all of its pictures.
   */
  public static ResamplingKernels kernels() {
    // A race loses counts, which does no harm.
    if (plainPictures < MOST_PLAIN) {
      plainPictures++;
      return plain();
    }
    return simd().orElseGet(ResamplingProvider::plain);
  }

  private static final class Plain {
    static final ResamplingKernels KERNELS = new ScalarResampling();
  }

  private static final class Simd {
    static final Optional<ResamplingKernels> KERNELS =
        VectorModule.load(
            () ->
                Class.forName("io.github.condensenet4j.kernels.resampling.SimdResampling")
                    .asSubclass(ResamplingKernels.class)
                    .getDeclaredConstructor()
                    .newInstance(),
            LoggerFactory.getLogger(ResamplingProvider.class),
            "pictures: no SIMD");
  }
}
