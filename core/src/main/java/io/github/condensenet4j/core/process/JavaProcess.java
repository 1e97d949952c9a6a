package io.github.condensenet4j.core.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A second process of the same Java on the same class path.
 *
 * <p>It knows that it is the second one, and ends when the first one is gone.
 */
public final class JavaProcess {

  /** The module that fast kernels need; {@code java -jar} cannot ask for it. */
  public static final String VECTORS = "jdk.incubator.vector";

  /** Set in the second process. */
  private static final String INNER = "condensenet4j.inner";

  /**
   * JavaCPP, by which ND4J reaches its native code, uses methods of {@code sun.misc.Unsafe} that
   * Java 24 and newer warn of, in four lines, and that a still newer one will refuse unless told.
   */
  private static final int FIRST_JAVA_THAT_WARNS = 24;

  private static final String UNSAFE = "sun.misc.unsafe.memory.access";
  private static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  private static final String SERIAL_COLLECTOR = "-XX:+UseSerialGC";
  private static final int FEW_PROCESSORS = 4;

  /**
   * What a step of training keeps are arrays that live as long as the network, which Java would
   * give a third as much room again to grow, and half of that for objects that are about to die.
   */
  private static final List<String> TIGHT_HEAP =
      List.of("-Xmn64m", "-XX:MinHeapFreeRatio=2", "-XX:MaxHeapFreeRatio=10");

  /** Java would begin with a sixty-fourth of the machine's memory, and fill it before it tidies. */
  private static final String SMALL_HEAP = "-Xms96m";

  /** Arrays begin where a line of the cache does, not with every eighth byte. */
  private static final String OBJECTS_ON_CACHE_LINES = "-XX:ObjectAlignmentInBytes=64";

  /** Addresses of what lies far apart are found sooner where pages are few and large. */
  private static final String LARGE_PAGES = "-XX:+UseTransparentHugePages";

  /** Where Linux tells who gets them: {@code always [madvise] never}. */
  private static final Path WHO_GETS_LARGE_PAGES =
      Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static final String WHO_ASKS = "[madvise]";

  private JavaProcess() {}

  /** Tells whether this process is a second one. */
  public static boolean isInner() {
    return System.getProperty(INNER) != null;
  }

  /** Tells whether this process lacks the module of vectors and its Java has it. */
  public static boolean lacksVectors() {
    return ModuleLayer.boot().findModule(VECTORS).isEmpty()
        && ModuleFinder.ofSystem().find(VECTORS).isPresent();
  }

  /** Tells whether Java would warn of JavaCPP, and was not told by its user what to do about it. */
  public static boolean mustAllowUnsafe() {
    return Runtime.version().feature() >= FIRST_JAVA_THAT_WARNS
        && System.getProperty(UNSAFE) == null;
  }

  /** Returns the option that lets {@link #mustAllowUnsafe} be. */
  public static String allowUnsafe() {
    return ALLOW_UNSAFE;
  }

  /**
   * Returns the options for a program that computes with large arrays: how Java keeps and lays out
   * its memory. What the user has chosen is left alone.
   *
   * @param processors processors that Java is to use
   */
  public static List<String> memory(int processors) {
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> options = new ArrayList<>(collector(processors, given));
    options.addAll(alignment(given));
    options.addAll(largePages(given, WHO_GETS_LARGE_PAGES));
    return options;
  }

  /**
   * Returns the options that choose a garbage collector: on few processors one that has no threads
   * of its own beside those that compute, in a heap that keeps little more than what is used. Both
   * together take less than half of the memory that Java's usual choice does. None where there are
   * more processors, or the user has chosen.
   */
  static List<String> collector(int processors, List<String> given) {
    if (processors > FEW_PROCESSORS || anyMatches(given, "-XX:[+]Use\\w*GC")) {
      return List.of();
    }
    List<String> options = new ArrayList<>(List.of(SERIAL_COLLECTOR));
    if (!anyMatches(given, "-Xmn.*|-XX:(Max)?New(Size|Ratio)=.*|-XX:M(in|ax)HeapFreeRatio=.*")) {
      options.addAll(TIGHT_HEAP);
    }
    if (!anyMatches(given, "-Xm[sx].*|-XX:(Initial|Max|Min)HeapSize=.*")) {
      options.add(SMALL_HEAP);
    }
    return options;
  }

  /**
   * Returns the option that lets arrays begin on lines of the cache, for which kernels of training
   * lay out what they work on. None where the user has chosen.
   */
  static List<String> alignment(List<String> given) {
    return anyMatches(given, "-XX:ObjectAlignmentInBytes=.*")
        ? List.of()
        : List.of(OBJECTS_ON_CACHE_LINES);
  }

  /**
   * Returns the option that puts Java's memory on large pages. None where the system gives them to
   * nobody, for Java would warn of that, or to everybody, or the user has chosen.
   */
  static List<String> largePages(List<String> given, Path whoGetsThem) {
    if (anyMatches(given, "-XX:[+-]Use(TransparentHuge|Large)Pages.*")) {
      return List.of();
    }
    try {
      return Files.readString(whoGetsThem).contains(WHO_ASKS) ? List.of(LARGE_PAGES) : List.of();
    } catch (IOException e) {
      return List.of(); // not Linux, or one without them
    }
  }

  private static boolean anyMatches(List<String> options, String pattern) {
    return options.stream().anyMatch(option -> option.matches(pattern));
  }

  /**
   * Returns the command that runs this program again, with the options that Java got and some more.
   *
   * @param main the program's class, should it not run from a jar
   * @param options what Java gets beside
   * @param args what the program gets
   */
  public static List<String> command(Class<?> main, List<String> options, List<String> args) {
    List<String> command = java(options);
    command.add("-D" + INNER + "=true");
    String classPath = System.getProperty("java.class.path");
    // Only as the jar that it is does a jar get what its manifest asks for.
    command.addAll(
        classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, main.getName()));
    command.addAll(args);
    return command;
  }

  /** Returns the command that runs another {@code main} of the same class path, without options. */
  public static List<String> commandOfOther(Class<?> main, List<String> options) {
    List<String> command = java(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private static List<String> java(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(executable());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    return command;
  }

  /** Returns the program that runs this process. */
  public static String executable() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  /**
   * Makes a second process end when the first one is gone, even if that was killed: its standard
   * input is a pipe that nobody else holds open.
   *
   * @param exitCode what the process ends with
   */
  public static void endWithOuter(int exitCode) {
    if (!isInner()) {
      return;
    }
    InputStream pipe = System.in;
    Thread watch =
        new Thread(
            () -> {
              try {
                pipe.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                Runtime.getRuntime().halt(exitCode);
              }
            },
            "watch-outer-process");
    watch.setDaemon(true);
    watch.start();
  }
}
