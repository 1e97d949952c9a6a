package io.github.condensenet4j.libtorch;

import org.bytedeco.pytorch.global.torch;

/** libtorch's settings, which hold for the whole process. */
final class Torch {

  private Torch() {}

  /** Has {@code threads} threads work on what comes next. */
  static void use(int threads) {
    torch.set_num_threads(threads);
    // No kernels for this machine: small convolutions would look for them every time, and say so.
    torch.globalContext().setUserEnabledNNPACK(false);
  }
}
