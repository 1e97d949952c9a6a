package io.github.condensenet4j.interchange.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointWriterTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoints/v2_official_saver.pth.tar",
        "conversion/v1cifar_g4c8_unconverted.pth.tar",
        "conversion/v1cifar_g4c8_converted.pth.tar"
      })
  void writesWhatWasReadToTheBit(String name) throws IOException {
    PyTorchCheckpoint official = PyTorchCheckpoint.read(Reference.of(name));
    StateDict raw = official.stateDict(WeightsKind.RAW);
    Optional<StateDict> ema =
        official.hasEma() ? Optional.of(official.stateDict(WeightsKind.EMA)) : Optional.empty();
    Path file = folder.resolve("written.pth.tar");

    write(raw, ema, file);
    PyTorchCheckpoint written = PyTorchCheckpoint.read(file);

    assertThat(written.stateDict(WeightsKind.RAW)).isEqualTo(raw);
    assertThat(written.hasEma()).isEqualTo(ema.isPresent());
    if (ema.isPresent()) {
      assertThat(written.stateDict(WeightsKind.EMA)).isEqualTo(ema.get());
    }
    byte[] first = Files.readAllBytes(file);
    write(raw, ema, file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  private static void write(StateDict raw, Optional<StateDict> ema, Path file) {
    CheckpointWriter writer = CheckpointWriter.of("cdnv2_a", raw).prefix("module.");
    ema.ifPresent(writer::ema);
    writer.write(file);
  }

  @Test
  void numbersVelocitiesAsTheOfficialOptimizerDoes() {
    PyTorchCheckpoint official =
        PyTorchCheckpoint.read(Reference.of("checkpoints/v2_official_saver.pth.tar"));
    StateDict raw = official.stateDict(WeightsKind.RAW);
    Map<Integer, Tensor> expected = official.momentum();
    // Vectors come first, then all others, both in the order of the state dictionary.
    Map<String, Tensor> byName = new LinkedHashMap<>();
    List<String> trained =
        raw.names().stream()
            .filter(name -> !name.matches(".*(running_.*|num_batches.*|_mask|_count|_stage)"))
            .toList();
    List<String> numbered = new ArrayList<>();
    trained.stream().filter(name -> isVector(raw, name)).forEach(numbered::add);
    trained.stream().filter(name -> !isVector(raw, name)).forEach(numbered::add);
    trained.forEach(name -> byName.put(name, expected.get(numbered.indexOf(name))));
    Path file = folder.resolve("run.pth.tar");

    CheckpointWriter.of("cdnv2_a", raw)
        .run(new SgdState(StateDict.of(byName), 0.1, 0.9, 1e-4, false), 7, 61.5)
        .write(file);

    PyTorchCheckpoint written = PyTorchCheckpoint.read(file);
    assertThat(written.momentum()).isEqualTo(expected).hasSize(trained.size());
    assertThat(written.stateDict(WeightsKind.RAW)).isEqualTo(raw);
  }

  private static boolean isVector(StateDict weights, String name) {
    return weights.get(name).shape().length == 1;
  }

  @Test
  void keepsEveryTypeAndShape() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ElementType type : ElementType.values()) {
      tensors.put(type.name(), Tensor.ofBytes(type, new byte[300 * type.bytes()], 1, 300, 1));
    }
    tensors.put("scalar", Tensor.ofLongs(new long[] {-7}));
    tensors.put("none", Tensor.ofFloats(new float[0], 0));
    StateDict all = StateDict.of(tensors);
    Path file = folder.resolve("all.pth");

    CheckpointWriter.of("any", all).write(file);

    assertThat(PyTorchCheckpoint.read(file).stateDict(WeightsKind.RAW)).isEqualTo(all);
  }
}
