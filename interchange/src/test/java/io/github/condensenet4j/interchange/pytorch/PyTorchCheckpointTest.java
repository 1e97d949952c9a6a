package io.github.condensenet4j.interchange.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Bytes;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Instance;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Scalar;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchCheckpointTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v2_official_saver.pth.tar",
        "v2_module_prefix.pth.tar",
        "v2_mixed_prefix.pth.tar",
        "v2_legacy.pth.tar",
        "v2_plain_state_dict.pth",
        "v2_plain_state_dict_legacy.pth"
      })
  void readsTheOfficialContainers(String name) {
    PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(Reference.of("checkpoints/" + name));
    assertEqual(
        checkpoint.stateDict(WeightsKind.RAW).asMap(),
        NpzFile.read(Reference.of("checkpoints/expected_state_dict.npz")));
    assertThat(checkpoint.hasEma()).isEqualTo(!name.contains("plain"));
    if (checkpoint.hasEma()) {
      assertEqual(
          checkpoint.stateDict(WeightsKind.EMA).asMap(),
          NpzFile.read(Reference.of("checkpoints/expected_state_dict_ema.npz")));
    } else {
      assertThatThrownBy(() -> checkpoint.stateDict(WeightsKind.EMA))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageEndingWith("has no averaged weights (state_dict_ema); choose the raw ones");
    }
  }

  @Test
  void keepsTheOrderOfNamesAndScalarsAsScalars() {
    StateDict weights =
        PyTorchCheckpoint.read(Reference.of("checkpoints/v2_mixed_prefix.pth.tar"))
            .stateDict(WeightsKind.RAW);
    assertThat(weights.names())
        .containsExactlyElementsOf(
            NpzFile.keys(Reference.of("checkpoints/expected_state_dict.npz")));
    assertThat(weights.get("features.norm_last.num_batches_tracked").shape()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2_official_saver.pth.tar", "v2_legacy.pth.tar"})
  void readsTheMomentumOfEachParameter(String name) {
    PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(Reference.of("checkpoints/" + name));
    Map<String, Tensor> expected = NpzFile.read(Reference.of("checkpoints/expected_momentum.npz"));
    // Parameters of one dimension come first, being the group without weight decay.
    List<String> order = new ArrayList<>();
    StateDict weights = checkpoint.stateDict(WeightsKind.RAW);
    for (boolean isOneDimensional : new boolean[] {true, false}) {
      for (String parameter : weights.names()) {
        if (parameter.matches(".*(weight|bias)")
            && (weights.get(parameter).shape().length == 1) == isOneDimensional) {
          order.add(parameter);
        }
      }
    }
    Map<String, Tensor> momentum = new LinkedHashMap<>();
    checkpoint.momentum().forEach((index, tensor) -> momentum.put(order.get(index), tensor));
    assertEqual(momentum, expected);
  }

  @Test
  void readsTheOptionsOfTheOfficialTrainingScriptAsInertAttributes() {
    Dictionary root =
        PyTorchCheckpoint.read(Reference.of("checkpoints/v2_official_saver.pth.tar")).root();
    Instance options = (Instance) root.find("args").orElseThrow();
    assertThat(options.className()).isEqualTo("argparse.Namespace");
    assertThat(options.attributes())
        .containsEntry("dataset", new Scalar("cifar10"))
        .containsEntry("num_classes", new Scalar(10L));
    assertThat(root.find("epoch")).contains(new Scalar(1L));
    assertThat(root.find("metric")).contains(new Scalar(12.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tricky_tensors.pth", "tricky_tensors_legacy.pth"})
  void readsViewsOfEveryTypeAndLayout(String name) {
    PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(Reference.of("checkpoints/" + name));
    StateDict tensors = checkpoint.stateDict(WeightsKind.RAW);
    assertEqual(tensors.asMap(), NpzFile.read(Reference.of("checkpoints/tricky_expected.npz")));
    assertThat(tensors.get("f16").type()).isEqualTo(ElementType.FLOAT16);
    assertThat(tensors.get("bf16").type()).isEqualTo(ElementType.BFLOAT16);
    assertThat(tensors.get("boolean").type()).isEqualTo(ElementType.BOOL);
    assertThat(tensors.get("empty").shape()).containsExactly(0, 3);
    assertThat(tensors.get("scalar0d").shape()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tricky_tensors.pth", "tricky_tensors_legacy.pth"})
  void readsPythonValuesOfManyKinds(String name) {
    Dictionary root = PyTorchCheckpoint.read(Reference.of("checkpoints/" + name)).root();
    assertThat(root.find("epoch")).contains(new Scalar(7L));
    assertThat(root.find("arch")).contains(new Scalar("tricky é ☃"));
    assertThat(root.find("flag")).contains(new Scalar(true));
    assertThat(root.find("none")).contains(new Scalar(null));
    assertThat(root.find("big")).contains(new Scalar(BigInteger.TWO.pow(70)));
    assertThat(root.find("negative")).contains(new Scalar(-5L));
    assertThat(root.find("np_scalar")).contains(new Scalar(2.5));
    assertThat(((Sequence) root.find("floats").orElseThrow()).items())
        .containsExactly(new Scalar(1.5), new Scalar(Double.POSITIVE_INFINITY), new Scalar(-0.0));
    Sequence set = (Sequence) root.find("aset").orElseThrow();
    assertThat(set.kind()).isEqualTo(Sequence.Kind.SET);
    assertThat(set.items()).containsExactly(new Scalar(1L), new Scalar(2L), new Scalar(3L));
    assertThat(((Bytes) root.find("byts").orElseThrow()).value()).containsExactly(0, (byte) 0xff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pickle_protocol3.pth", "pickle_protocol4.pth"})
  void readsNewerPickleProtocols(String name) {
    Map<String, Tensor> tensors =
        PyTorchCheckpoint.read(Reference.of("checkpoints/" + name))
            .stateDict(WeightsKind.RAW)
            .asMap();
    Map<String, Tensor> expected = NpzFile.read(Reference.of("checkpoints/tricky_expected.npz"));
    assertThat(tensors.keySet()).containsExactly("f32", "view_cols");
    tensors.forEach((key, tensor) -> assertThat(tensor).isEqualTo(expected.get(key)));
  }

  @Test
  void readsEveryReferenceCheckpointAlsoWhenCompressed() throws IOException {
    for (String part : List.of("checkpoints", "conversion", "training", "training_v1")) {
      try (Stream<Path> files = Files.list(Reference.of(part))) {
        for (Path file : files.filter(f -> f.toString().contains(".pth")).sorted().toList()) {
          StateDict weights = PyTorchCheckpoint.read(file).stateDict(WeightsKind.RAW);
          assertThat(weights.size()).as(file.toString()).isPositive();
          if (!file.toString().endsWith(".gz")) {
            assertThat(PyTorchCheckpoint.read(compressed(file)).stateDict(WeightsKind.RAW))
                .as(file.toString())
                .isEqualTo(weights);
          }
        }
      }
    }
  }

  private Path compressed(Path file) throws IOException {
    Path compressed = folder.resolve("compressed.pth.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(file, out);
    }
    return compressed;
  }

  /**
   * Compares bit for bit, but for what numpy cannot say: the reference arrays hold scalars as one
   * element, halves as float32 and booleans as bytes.
   */
  private static void assertEqual(Map<String, Tensor> found, Map<String, Tensor> expected) {
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, tensor) -> {
          Tensor other = found.get(name);
          assertThat(other.toDoubles()).as(name).isEqualTo(tensor.toDoubles());
          assertThat(other.shape().length == 0 ? new int[] {1} : other.shape())
              .as(name)
              .isEqualTo(tensor.shape());
          if (other.type().bytes() >= 4) {
            assertThat(other.type()).as(name).isEqualTo(tensor.type());
          }
        });
  }
}
