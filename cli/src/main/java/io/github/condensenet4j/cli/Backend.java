package io.github.condensenet4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's backend: is the one asked for here, and which one is at work. */
final class Backend {

  private static final String CPU_CLASS = "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class";
  private static final String CUDA_CLASS = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  private static final String VERSION_FILE = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  /** Where drivers of NVIDIA's devices show themselves. */
  private static final List<Path> DRIVERS =
      List.of(
          Path.of("/proc/driver/nvidia/version"),
          Path.of("/dev/nvidia0"),
          Path.of("C:\\Windows\\System32\\nvcuda.dll"));

  private static final String MAX_BYTES = "org.bytedeco.javacpp.maxbytes";
  private static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxphysicalbytes";
  private static final long MEBI = 1L << 20;

  private Backend() {}

  static boolean hasCpu() {
    return has(CPU_CLASS);
  }

  static boolean hasCuda() {
    return has(CUDA_CLASS);
  }

  static boolean machineHasCuda() {
    return DRIVERS.stream().anyMatch(Files::exists);
  }

  /**
   * Refuses a backend that cannot work, without loading any.
   *
   * @throws BackendException saying in one sentence why it cannot
   */
  static void check(BackendChoice choice) {
    if (choice == BackendChoice.CUDA && !hasCuda()) {
      throw new BackendException(
          "--backend cuda: this jar has no CUDA backend; build one with mvn -Pcuda package, or take"
              + " --backend cpu");
    }
    if (choice == BackendChoice.CUDA && !machineHasCuda()) {
      throw new BackendException(
          "--backend cuda: this machine has no NVIDIA device or no driver for it; take --backend"
              + " cpu");
    }
    if (choice == BackendChoice.CPU && !hasCpu()) {
      throw new BackendException(
          "--backend cpu: this jar has no CPU backend for this platform; build one with mvn"
              + " package");
    }
    if (choice == BackendChoice.AUTO && !hasCpu() && !(hasCuda() && machineHasCuda())) {
      throw new BackendException(
          hasCuda()
              ? "this jar has the CUDA backend only, and this machine has no NVIDIA device or no"
                  + " driver for it; build a jar for the CPU with mvn package"
              : "this jar has no ND4J backend; build it with mvn package");
    }
  }

  /**
   * Loads ND4J and returns one line on it: backend, BLAS, SIMD level, threads and memory.
   *
   * @throws BackendException if no backend loads here
   */
  static String start() {
    giveMemoryToArrays();
    NativeOps ops;
    try {
      Nd4j.create(1).close();
      ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    } catch (Exception | LinkageError e) {
      throw new BackendException(
          "no ND4J backend loads on this machine ("
              + System.getProperty("os.name")
              + ", "
              + System.getProperty("os.arch")
              + "); build the jar on it with mvn package, or take one built with mvn"
              + " -Pall-platforms package",
          e);
    }
    boolean cpu = Nd4j.getEnvironment().isCPU();
    return String.format(
        Locale.ROOT,
        "backend: %s (ND4J %s), BLAS %s, %s, %d threads, memory %d MiB for Java, %d MiB for arrays",
        cpu ? "CPU" : "CUDA, " + ops.getAvailableDevices() + " device(s)",
        version(),
        Nd4j.factory().blas().getBlasVendor(),
        simd(ops),
        Nd4j.getEnvironment().maxThreads(),
        Runtime.getRuntime().maxMemory() / MEBI,
        org.bytedeco.javacpp.Pointer.maxBytes() / MEBI);
  }

  /**
   * Arrays live outside Java's heap, and JavaCPP would give them no more than the heap has, a
   * quarter of the machine. They are nearly all that training needs, so they get three quarters.
   */
  private static void giveMemoryToArrays() {
    if (System.getProperty(MAX_BYTES) == null
        && ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine) {
      System.setProperty(MAX_BYTES, String.valueOf(machine.getTotalMemorySize() / 4 * 3));
      // No limit on heap and arrays together: the two limits above are enough.
      System.setProperty(MAX_PHYSICAL_BYTES, "0");
    }
  }

  /** Returns ND4J's version, without loading it. */
  static String version() {
    Properties properties = new Properties();
    try (InputStream file = Nd4j.class.getResourceAsStream(VERSION_FILE)) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(VERSION_FILE + " of the jar cannot be read", e);
    }
    return properties.getProperty("version", "of unknown version");
  }

  private static String simd(NativeOps ops) {
    String built = level(ops.binaryLevel());
    String best = level(ops.optimalLevel());
    return "SIMD " + built + (built.equals(best) ? "" : " (the machine has " + best + ")");
  }

  private static String level(int level) {
    return switch (level) {
      case 0, 1 -> "generic";
      case 2 -> "AVX2";
      case 3 -> "AVX-512";
      default -> "level " + level;
    };
  }

  private static boolean has(String resource) {
    return Backend.class.getClassLoader().getResource(resource) != null;
  }
}
