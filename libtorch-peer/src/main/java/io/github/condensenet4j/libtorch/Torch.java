package io.github.condensenet4j.libtorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** libtorch itself and its settings, which hold for the whole process. */
final class Torch {

  private Torch() {}

  /**
   * Loads libtorch, before anything else of it is touched.
   *
   * @throws UnsatisfiedLinkError if it is not published for this platform
   */
  static void load() {
    // JavaCPP unpacks and loads one library after the other, and libtorch.so needs libtorch_cpu.so,
    // which comes later: until that lies beside it, the linker takes the one of a PyTorch that
    // the system has, of another version, and the process dies.
    String needed = System.mapLibraryName("torch_cpu");
    try {
      Loader.cacheResource(
          torch.class, "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/" + needed);
    } catch (IOException e) {
      throw new UncheckedIOException(needed + " cannot be unpacked: " + e.getMessage(), e);
    }
    Loader.load(torch.class);
  }

  /** Has {@code threads} threads work on what comes next. */
  static void use(int threads) {
    torch.set_num_threads(threads);
    // No kernels for this machine: small convolutions would look for them every time, and say so.
    torch.globalContext().setUserEnabledNNPACK(false);
  }
}
