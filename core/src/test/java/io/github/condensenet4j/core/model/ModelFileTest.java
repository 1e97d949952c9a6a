package io.github.condensenet4j.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.ZipWriter;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {

  private static final ModelMetadata METADATA =
      ModelMetadata.of(
              ArchitectureRegistry.describe("cdnv2"),
              Preprocessing.imageNet(32, Interpolation.BILINEAR))
          .withClassNames(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "größe"))
          .withVersions(Map.of("condensenet4j", "0.1.0"))
          .withProvenance(Map.of("command", "train --model cdnv2", "seed", "1"))
          .withMetrics(Map.of("top1", 0.1 + 0.2));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("model.zip");
  }

  @Test
  void givesBackWhatWasWritten() {
    writer().write(file);
    try (ModelFile model = ModelFile.read(file)) {
      assertThat(model.metadata()).isEqualTo(METADATA);
      assertThat(model.storedTensors(WeightsKind.RAW)).isEqualTo(weights(1));
      assertThat(model.storedTensors(WeightsKind.EMA)).isEqualTo(weights(2));
      assertThat(model.storedTensors(WeightsKind.RAW).names())
          .containsExactlyElementsOf(weights(1).names());
      assertThat(model.hasEma()).isTrue();
      assertThat(model.defaultWeights()).isEqualTo(WeightsKind.EMA);
      assertThat(model.entry("training.json")).asString().isEqualTo("{\"step\": 3}");
      assertThat(model.entries())
          .containsExactly(
              "configuration.json",
              "coefficients.bin",
              "ema.bin",
              "training.json",
              "condensenet.json");
    }
  }

  @Test
  void keepsNoMetricThatIsNotANumber() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", Double.NaN);
    metrics.put("top1", 0.5);
    assertThat(METADATA.withMetrics(metrics).metrics()).containsExactly(Map.entry("top1", 0.5));
  }

  @Test
  void readsTensorsOfEitherOrderFromDl4jsFlattenedParameters() {
    float[] flat = {9, 0, 1, 2, 3, 4, 5, 7};
    new ModelFileWriter(METADATA)
        .coefficients(WeightsKind.RAW, flat)
        .tensors(
            List.of(
                new TensorPlace("last", List.of(), ElementType.INT64, false, 7),
                new TensorPlace("fortran", List.of(2, 3), ElementType.FLOAT32, true, 1),
                new TensorPlace("first", List.of(1), ElementType.FLOAT32, false, 0)))
        .write(file);
    try (ModelFile model = ModelFile.read(file)) {
      StateDict weights = model.storedTensors(WeightsKind.RAW);
      assertThat(weights.names()).containsExactly("last", "fortran", "first");
      assertThat(weights.get("fortran").toFloats()).containsExactly(0, 2, 4, 1, 3, 5);
      assertThat(weights.get("last")).isEqualTo(Tensor.ofLongs(new long[] {7}));
      assertThat(model.coefficients(WeightsKind.RAW)).isEqualTo(flat);
      assertThatThrownBy(() -> model.storedTensors(WeightsKind.EMA))
          .isInstanceOf(InvalidOptionException.class)
          .hasMessageContaining("has no averaged weights (ema); use its raw ones");
    }
  }

  @Test
  void writesTheSameBytesEveryTime() throws IOException {
    writer().write(file);
    Path again = folder.resolve("again.zip");
    writer().write(again);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void isAnArchiveThatReadersOfStreamsUnderstand() throws IOException {
    writer().write(file);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        sizes.put(entry.getName(), zip.readAllBytes().length);
      }
    }
    assertThat(sizes).hasSize(5).containsEntry("training.json", 11);
  }

  @Test
  void staysReadableWhenAnotherModelTakesItsName() {
    writer().write(file);
    try (ModelFile model = ModelFile.read(file)) {
      new ModelFileWriter(METADATA).weights(WeightsKind.RAW, weights(3)).write(file);
      assertThat(model.storedTensors(WeightsKind.EMA)).isEqualTo(weights(2));
    }
  }

  @Test
  void refusesAFileInWhichAnyByteHasChanged() throws IOException {
    writer().write(file);
    byte[] bytes = Files.readAllBytes(file);
    // Every fifth byte and the end: each read takes a millisecond.
    for (int at = 0; at < bytes.length; at += at > bytes.length - 300 ? 1 : 5) {
      byte kept = bytes[at];
      bytes[at] ^= (byte) (1 << at % 8);
      assertRefused(bytes, "byte " + at);
      bytes[at] = kept;
    }
  }

  @Test
  void refusesAFileOfAnyOtherLength() throws IOException {
    writer().write(file);
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length += 11) {
      assertRefused(Arrays.copyOf(bytes, length), "length " + length);
    }
    assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "one byte more");
    assertRefused(Arrays.copyOf(bytes, bytes.length + 100_000), "many bytes more");
  }

  private void assertRefused(byte[] bytes, String what) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> ModelFile.read(file).close())
        .as(what)
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "preprocessor.bin, a serialised Java object that could run anything",
    "archive/data.pkl, is a PyTorch checkpoint",
    "configuration.json, is a Deeplearning4j model without condensenet.json",
    "notes.txt, is a zip archive but no model file"
  })
  void saysWhatAForeignArchiveIs(String entry, String message) {
    AtomicFile.write(
        file,
        out -> {
          ZipWriter zip = new ZipWriter(out);
          zip.entry(entry, new byte[8]);
          zip.finish(sum -> "");
        });
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesASerialisedPreprocessorWhateverElseIsThere() {
    writer().entry("preprocessor.bin", new byte[4]).write(file);
    assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("preprocessor.bin");
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"formatVersion\": 1     | \"formatVersion\": 2       | format version 2, 1 expected",
        "condensenet4j model      | other                      | condensenet4j model expected",
        "\"offset\": 0            | \"offset\": -1             | where it cannot be",
        "\"offset\": 0            | \"offset\": 1              | where it cannot be",
        "\"offset\": 27           | \"offset\": 1000           | beyond the end of"
            + " coefficients.bin",
        "\"offset\": 27           | \"offset\": 9223372036854775807 | where it cannot be",
        "[3, 4]                   | [3, -4]                    | impossible shape",
        "[3, 4]                   | [2000000000, 2000000000, 2000000000] | impossible shape",
        "[3, 4]                   | [2000000000, 0]            | impossible shape",
        "[3, 4]                   | [300000, 4]                | where it cannot be",
        "\"INT64\"                | \"OBJECT\"                 | FLOAT32 or INT64 expected",
        "\"bytes\": 11            | \"bytes\": 12              | does not have the sum",
        "\"training.json\"        | \"other.json\"             | does not hold the entries",
        "\"stages\": [4, 4, 4]    | \"stages\": [4, 4, 999999] | describes no network",
        "\"stages\": [4, 4, 4]    | \"stages\": 4              | a list expected",
        "bilinear                 | nearest                    | describes no network",
        "\"größe\"                | \"x\", \"y\"               | describes no network",
        "\"metrics\"              | \"matrix\"                 | has no member metrics"
      })
  void refusesMetadataThatLies(String honest, String lie, String message) throws IOException {
    rewrite(
        text -> {
          assertThat(text).contains(honest);
          int at = text.indexOf(honest);
          return text.substring(0, at) + lie + text.substring(at + honest.length());
        });
    assertThatThrownBy(
            () -> {
              try (ModelFile model = ModelFile.read(file)) {
                model.storedTensors(WeightsKind.RAW);
              }
            })
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void namesTheFileWhoseTensorsAreNotTheNetworks() {
    writer().write(file);
    try (ModelFile model = ModelFile.read(file)) {
      assertThatThrownBy(() -> model.weights(WeightsKind.RAW))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageStartingWith(file + ": cdnv2 has a tensor features.init_conv.weight, ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[[", "{}", "null"})
  void refusesMetadataThatIsNone(String text) throws IOException {
    rewrite(honest -> text);
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": condensenet.json");
  }

  /** Writes a model whose sums hold, with other metadata. */
  private void rewrite(UnaryOperator<String> change) throws IOException {
    Path honest = folder.resolve("honest.zip");
    writer().write(honest);
    try (ModelFile model = ModelFile.read(honest)) {
      AtomicFile.write(
          file,
          out -> {
            ZipWriter zip = new ZipWriter(out);
            for (String name : model.entries()) {
              byte[] bytes = model.entry(name);
              if (name.equals(ModelFile.METADATA)) {
                bytes =
                    change
                        .apply(new String(bytes, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
              }
              zip.entry(name, bytes);
            }
            zip.finish(ModelFile::comment);
          });
    }
  }

  private static ModelFileWriter writer() {
    return new ModelFileWriter(METADATA)
        .configuration("{}")
        .weights(WeightsKind.RAW, weights(1))
        .weights(WeightsKind.EMA, weights(2))
        .entry("training.json", "{\"step\": 3}".getBytes(StandardCharsets.UTF_8));
  }

  private static StateDict weights(int seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    float[] values = new float[12];
    for (int i = 0; i < values.length; i++) {
      values[i] = seed + i / 16f;
    }
    tensors.put("matrix", Tensor.ofFloats(values, 3, 4));
    tensors.put("statistics", Tensor.ofFloats(Arrays.copyOf(values, 10), 10));
    tensors.put("index", Tensor.ofLongs(new long[] {4, 3, 2, 1, 0}, 5));
    tensors.put("num_batches_tracked", Tensor.ofLongs(new long[] {seed}));
    return StateDict.of(tensors);
  }
}
