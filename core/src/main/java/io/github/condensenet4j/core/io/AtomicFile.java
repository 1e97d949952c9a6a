package io.github.condensenet4j.core.io;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a file whole or not at all.
 *
 * <p>The content goes to a hidden file beside the target, is forced to the disk and then takes the
 * target's name in one step, so that a crash, a full disk or a failing writer leaves what was there
 * before, and a reader never sees half a file.
 */
public final class AtomicFile {

  /** What is to be written. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code out}, which the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  private static final String PARTIAL = ".partial";
  private static final AtomicLong COUNTER = new AtomicLong();

  /** Partial files that this process is writing now. */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private AtomicFile() {}

  /**
   * Replaces {@code target}, or creates it, with {@code content}.
   *
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written; the old file,
   *     if any, is unchanged then
   */
  public static void write(Path target, Content content) {
    try {
      if (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target)) {
        // A pipe or a device such as /dev/null has no old content to protect and cannot be renamed.
        writeThrough(target, content);
      } else {
        Path real = Files.isSymbolicLink(target) ? target.toRealPath() : target.toAbsolutePath();
        replace(real, content);
      }
    } catch (IOException e) {
      throw FileProblem.writing(target, e);
    }
  }

  private static void writeThrough(Path target, Content content) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      content.writeTo(out);
    }
  }

  private static void replace(Path target, Content content) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException("is a folder");
    }
    Path folder = target.getParent();
    removeLeftOvers(folder, target);
    Path partial = folder.resolve(partialName(target));
    IN_USE.add(partial);
    try {
      writeForced(partial, content);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      forceFolder(folder);
    } finally {
      try {
        Files.deleteIfExists(partial);
      } finally {
        IN_USE.remove(partial);
      }
    }
  }

  private static void writeForced(Path partial, Content content) throws IOException {
    Files.createFile(partial);
    // Not a channel: an interrupted thread must still be able to write its last checkpoint.
    try (FileOutputStream file = new FileOutputStream(partial.toFile());
        OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
      content.writeTo(out);
      out.flush();
      file.getFD().sync();
    }
  }

  /** Makes the new name itself survive a power failure, where the system can. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open folders; the file itself is already safe.
      return;
    }
  }

  private static String partialName(Path target) {
    return prefix(target)
        + ProcessHandle.current().pid()
        + "-"
        + COUNTER.incrementAndGet()
        + PARTIAL;
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  /** Deletes partial files of {@code target} that a killed process left behind. */
  private static void removeLeftOvers(Path folder, Path target) throws IOException {
    String prefix = prefix(target);
    DirectoryStream.Filter<Path> mine =
        file -> {
          String name = file.getFileName().toString();
          return name.startsWith(prefix)
              && name.endsWith(PARTIAL)
              && name.length() >= prefix.length() + PARTIAL.length()
              && isLeftOver(
                  file, name.substring(prefix.length(), name.length() - PARTIAL.length()));
        };
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, mine)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(target.toString());
    }
  }

  private static boolean isLeftOver(Path file, String process) {
    if (!process.matches("[0-9]{1,18}-[0-9]{1,18}")) {
      return false;
    }
    long pid = Long.parseLong(process.substring(0, process.indexOf('-')));
    if (pid == ProcessHandle.current().pid()) {
      // In a container a new process often has the number of the one before it.
      return !IN_USE.contains(file);
    }
    return ProcessHandle.of(pid).isEmpty();
  }
}
