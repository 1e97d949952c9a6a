package io.github.condensenet4j.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.FileWriteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void createsAndReplaces() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(file, out -> out.write(new byte[] {1, 2}));
    assertThat(file).hasBinaryContent(new byte[] {1, 2});
    AtomicFile.write(file, out -> out.write(3));
    assertThat(file).hasBinaryContent(new byte[] {3});
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void leavesTheOldFileWhenItsWriterFailsMidway() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "good");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IllegalStateException("bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("good");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void saysWhatToDoWhenTheDiskIsFull() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "good");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(FileWriteException.class)
        .hasMessage(
            file + ": the disk is full; free some space or choose a folder on another disk");
    assertThat(file).hasContent("good");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void saysWhatToDoWhenADeviceIsFull() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "this system has no device that is always full");
    assertThatThrownBy(() -> AtomicFile.write(full, out -> out.write(1)))
        .isInstanceOf(FileWriteException.class)
        .hasMessageContaining("the disk is full");
  }

  @Test
  void saysWhatToDoAboutTheFolder() throws IOException {
    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("no/a.txt"), out -> out.write(1)))
        .isInstanceOf(FileWriteException.class)
        .hasMessage(
            "%s: the folder %s does not exist; create it first",
            folder.resolve("no/a.txt"), folder.resolve("no"));
    Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("file/a.txt"), out -> out.write(1)))
        .isInstanceOf(FileWriteException.class)
        .hasMessageContaining("is not a folder; choose another path");
    assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write(1)))
        .isInstanceOf(FileWriteException.class)
        .hasMessage(folder + ": is a folder, a file name is expected");
  }

  @Test
  void saysThatAFileIsInThePlaceOfAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> Files.createDirectories(file))
        .isInstanceOfSatisfying(
            IOException.class,
            e ->
                assertThat(FileProblem.writing(file, e))
                    .hasMessage(file + ": is a file, a folder is expected; choose another path"));
  }

  @Test
  void saysThatAFileIsNoText() throws IOException {
    Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> Files.readString(file))
        .isInstanceOfSatisfying(
            IOException.class,
            e ->
                assertThat(FileProblem.reading(file, e))
                    .hasMessage(file + ": is no text in UTF-8; save it as such"));
  }

  @Test
  void saysWhatToDoWhenTheFolderIsNotWritable() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeTrue(!Files.isWritable(locked), "this user may write everywhere");
    assertThatThrownBy(() -> AtomicFile.write(locked.resolve("a.txt"), out -> out.write(1)))
        .isInstanceOf(FileWriteException.class)
        .hasMessageContaining("is not writable; change its permissions or choose another");
  }

  @Test
  void writesAlsoInAnInterruptedThread() {
    Path file = folder.resolve("a.txt");
    Thread.currentThread().interrupt();
    AtomicFile.write(file, out -> out.write(7));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasBinaryContent(new byte[] {7});
  }

  @Test
  void replacesWhatALinkPointsTo() throws IOException {
    Path real = folder.resolve("real.txt");
    Files.writeString(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), real);
    AtomicFile.write(link, out -> out.write('n'));
    assertThat(real).hasContent("n");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void removesWhatAKilledProcessLeftOfTheSameFile() throws IOException {
    Path file = folder.resolve("a.txt");
    long self = ProcessHandle.current().pid();
    Path mine = Files.writeString(folder.resolve(".a.txt." + self + "-99999.partial"), "x");
    Path dead = Files.writeString(folder.resolve(".a.txt.999999999999-1.partial"), "x");
    Path other = Files.writeString(folder.resolve(".b.txt.999999999999-1.partial"), "x");
    AtomicFile.write(file, out -> out.write(1));
    assertThat(mine).doesNotExist();
    assertThat(dead).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void keepsApartWritersOfTheSameFile() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(
        file,
        out -> {
          out.write(1);
          AtomicFile.write(file, inner -> inner.write(2));
          assertThat(file).hasBinaryContent(new byte[] {2});
        });
    assertThat(file).hasBinaryContent(new byte[] {1});
    assertThat(names()).containsExactly("a.txt");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
