package io.github.condensenet4j.core.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {

  @TempDir private Path folder;

  @Test
  void readsEveryReferenceFileAndWritesItsArraysBackUnchanged() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(Reference.of("checkpoints"))) {
      files = found.filter(file -> file.toString().endsWith(".npz")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Map<String, Tensor> tensors = NpzFile.read(file);
      assertThat(tensors).isNotEmpty();
      Path copy = folder.resolve("copy.npz");
      NpzFile.write(copy, tensors);
      assertThat(NpzFile.read(copy)).isEqualTo(tensors);
    }
  }

  @Test
  void readsOneArrayByItsKey() {
    Path file = folder.resolve("x.npz");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("x", Tensor.ofFloats(new float[] {1, 2}, 2));
    tensors.put("folder/y", Tensor.ofLongs(new long[] {3}));
    NpzFile.write(file, tensors);
    assertThat(NpzFile.keys(file)).containsExactly("x", "folder/y");
    assertThat(NpzFile.read(file, "folder/y")).isEqualTo(tensors.get("folder/y"));
    assertThatThrownBy(() -> NpzFile.read(file, "z"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(file + ": has no array z, choose one of x, folder/y");
  }

  @Test
  void readsDeflatedArraysAndRefusesOtherEntries() throws IOException {
    Path file = folder.resolve("x.npz");
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    Tensor zeros = Tensor.ofFloats(new float[10_000], 100, 100);
    NpyFile.write(array, zeros);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(array.toByteArray());
    }
    assertThat(NpzFile.read(file)).containsExactly(Map.entry("x", zeros));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("x.pkl"));
    }
    assertThatThrownBy(() -> NpzFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("has an entry x.pkl, only arrays (.npy) expected");
  }

  @Test
  void namesTheArrayThatIsDamaged() throws IOException {
    Path file = folder.resolve("x.npz");
    NpzFile.write(file, Map.of("weights", Tensor.ofFloats(new float[100], 100)));
    byte[] bytes = Files.readAllBytes(file);
    bytes[300] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> NpzFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("entry weights.npy does not have the checksum it should");
  }
}
