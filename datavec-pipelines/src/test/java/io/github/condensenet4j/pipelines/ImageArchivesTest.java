package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageArchivesTest {

  private static final Preprocessing PREPROCESSING =
      Preprocessing.imageNet(16, Interpolation.BILINEAR);

  @TempDir private Path folder;

  private static byte[] picture(int seed) {
    byte[] bytes = new byte[13 + 3 * 400];
    System.arraycopy("P6\n20 20\n255\n".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 13);
    for (int i = 13; i < bytes.length; i++) {
      bytes[i] = (byte) (seed * i);
    }
    return bytes;
  }

  private static Map<String, byte[]> pictures(String before, String... paths) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String path : paths) {
      files.put(before + path, picture(path.hashCode()));
    }
    files.put(before + "notes.txt", new byte[5]);
    return files;
  }

  private static Path pack(Path file, Map<String, byte[]> files) throws IOException {
    Files.createDirectories(file.getParent());
    if (file.toString().endsWith(".zip")) {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        for (Map.Entry<String, byte[]> entry : files.entrySet()) {
          zip.putNextEntry(new ZipEntry(entry.getKey()));
          zip.write(entry.getValue());
        }
      }
      return file;
    }
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
        header.setSize(entry.getValue().length);
        tar.putArchiveEntry(header);
        tar.write(entry.getValue());
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private static float[] values(ImageFolderDataset images, int index) {
    float[] values = new float[images.values()];
    images.read(index, values, 0);
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"all.tar", "all.zip", "shards/0.tar,shards/1.zip,shards/2.TAR"})
  void areReadAsTheFolderThatWasPacked(String names) throws IOException {
    String longName = "owl/" + "deep/".repeat(30) + "c.ppm";
    String[] paths = {"owl/b.ppm", "owl/a.ppm", longName, "10/x.ppm", "wren/x.PPM", "wren/y.ppm"};
    Map<String, byte[]> files = pictures("", paths);
    for (Map.Entry<String, byte[]> entry : files.entrySet()) {
      Path file = folder.resolve("plain").resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
    }
    String[] archives = names.split(",", -1);
    for (int a = 0; a < archives.length; a++) {
      Map<String, byte[]> part = new LinkedHashMap<>();
      for (int i = a; i < paths.length; i += archives.length) {
        part.put((a == 0 ? "./" : "") + "photos/" + paths[i], files.get(paths[i]));
      }
      part.put("photos/notes.txt", new byte[700]);
      pack(folder.resolve(archives[a]), part);
    }
    Path place = archives.length == 1 ? folder.resolve(archives[0]) : folder.resolve("shards");

    ImageFolderDataset packed = ImageFolderDataset.open(place, PREPROCESSING);
    ImageFolderDataset plain = ImageFolderDataset.open(folder.resolve("plain"), PREPROCESSING);

    if (archives.length == 1 && !names.endsWith("zip")) {
      assertThat(packed.name(0)).isEqualTo(place + "!/./photos/10/x.ppm");
    }
    assertThat(packed.classNames())
        .isEqualTo(plain.classNames())
        .containsExactly("10", "owl", "wren");
    assertThat(packed.size()).isEqualTo(plain.size()).isEqualTo(6);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(packed.label(i)).isEqualTo(plain.label(i));
      assertThat(values(packed, i)).isEqualTo(values(plain, i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x.zip"})
  void areReadOnAfterAReaderWasInterrupted(String name) throws IOException {
    Path archive = pack(folder.resolve(name), pictures("", "a/1.ppm", "b/2.ppm"));
    ImageFolderDataset images = ImageFolderDataset.open(archive, PREPROCESSING);
    float[] before = values(images, 1);

    Thread.currentThread().interrupt();
    float[] meanwhile = values(images, 1);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(meanwhile).isEqualTo(before);
    IntStream.range(0, 64).parallel().forEach(i -> assertThat(values(images, 1)).isEqualTo(before));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x.zip"})
  void refusesDamage(String name) throws IOException {
    Path archive = pack(folder.resolve(name), pictures("", "a/1.ppm", "b/2.ppm"));
    byte[] whole = Files.readAllBytes(archive);

    for (int length : new int[] {0, 1, 100, 600, 1100, 1700}) {
      Files.write(archive, Arrays.copyOf(whole, Math.min(length, whole.length - 30)));
      assertThatThrownBy(
              () -> {
                ImageFolderDataset images = ImageFolderDataset.open(archive, PREPROCESSING);
                values(images, 1);
              })
          .as("%d bytes", length)
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining(name);
    }
    for (int at = 0; at < Math.min(whole.length, 1600); at += 7) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) 0x55;
      Files.write(archive, changed);
      try {
        ImageFolderDataset images = ImageFolderDataset.open(archive, PREPROCESSING);
        for (int i = 0; i < images.size(); i++) {
          values(images, i);
        }
      } catch (InvalidFileException e) {
        assertThat(e).hasMessageContaining(name);
      }
    }
  }

  @Test
  void refusesWhatCannotBeReadInAnyOrder() throws IOException {
    Path archive = Files.write(folder.resolve("x.tar.gz"), new byte[100]);
    assertThatThrownBy(() -> ImageFolderDataset.open(archive, PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("x.tar.gz")
        .hasMessageContaining("unpack it to a .tar");
  }

  @Test
  void refusesArchivesWithoutImagesInFolders() throws IOException {
    Path none = pack(folder.resolve("none.tar"), Map.of("a/readme.txt", new byte[3]));
    assertThatThrownBy(() -> ImageFolderDataset.open(none, PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("holds no images");
    Path flat = pack(folder.resolve("flat.zip"), pictures("", "1.ppm", "2.ppm"));
    assertThatThrownBy(() -> ImageFolderDataset.open(flat, PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("flat.zip!/1.ppm: is in no folder");
  }

  @Test
  void needNoIndex() throws IOException {
    Path archive = pack(folder.resolve("x.tar"), pictures("", "a/1.ppm", "b/2.ppm"));
    for (Path place : List.of(archive, folder)) {
      assertThatThrownBy(() -> FolderIndex.list(place, 1))
          .isInstanceOf(InvalidFileException.class)
          .hasMessage(archive + ": is an archive, which needs no index; use it as it is");
    }
  }

  @Test
  void areOpenedForTheClassesOfAModelOnly() throws IOException {
    Path archive = pack(folder.resolve("x.tar"), pictures("", "a/1.ppm", "b/2.ppm"));
    assertThat(ImageFolderDataset.open(archive, List.of("a", "b"), PREPROCESSING).size())
        .isEqualTo(2);
    assertThatThrownBy(() -> ImageFolderDataset.open(archive, List.of("a", "c"), PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("c is missing");
  }
}
