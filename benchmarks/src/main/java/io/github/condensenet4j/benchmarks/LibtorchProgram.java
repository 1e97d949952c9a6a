package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.process.JavaProcess;
import io.github.condensenet4j.peer.PeerProcess;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The program {@code libtorch-peer.jar}, which this one starts: libtorch needs another JavaCPP than
 * ND4J.
 */
final class LibtorchProgram {

  static final String NAME = "libtorch";

  private static final String PLACE = "libtorch-peer/target/libtorch-peer.jar";

  /**
   * The C library gives large tensors back to the system and takes them anew, page by page, which
   * takes up to two thirds of libtorch's time on large batches. Told to keep memory (8 GiB of it)
   * it is up to four times faster, and hardly larger.
   */
  private static final Map<String, String> KEEPS_MEMORY =
      Map.of(
          "MALLOC_MMAP_THRESHOLD_", "8589934592",
          "MALLOC_TRIM_THRESHOLD_", "8589934592",
          "MALLOC_TOP_PAD_", "268435456");

  private LibtorchProgram() {}

  /**
   * Starts the program.
   *
   * @param threads how many threads it will use at most
   * @throws CondenseNetException if it has not been built
   */
  static PeerProcess start(int threads) {
    Path jar = jar();
    if (!Files.exists(jar)) {
      throw new CondenseNetException(
          jar + " is missing; build it with mvn package -pl benchmarks -am -Dmaven.test.skip");
    }
    List<String> command =
        List.of(
            JavaProcess.executable(),
            // Tensors do not live in Java's heap, and only libtorch knows how many are alive.
            "-Xmx1g",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-jar",
            jar.toString());
    Map<String, String> environment = new HashMap<>(KEEPS_MEMORY);
    environment.put("OMP_NUM_THREADS", String.valueOf(threads));
    return PeerProcess.start(NAME, command, environment);
  }

  /** Returns where the jar lies if it was built beside this program. */
  static Path jar() {
    try {
      Path here =
          Path.of(
              LibtorchProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      // benchmarks/target/benchmarks.jar, or benchmarks/target/classes.
      return here.toAbsolutePath().getParent().getParent().resolveSibling(PLACE);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
