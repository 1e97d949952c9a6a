package io.github.condensenet4j.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfficialStateDictTest {

  @ParameterizedTest
  @ValueSource(strings = {"cdnv2", "converted_cdnv2", "condensenet", "converted_condensenet"})
  void whatWasExportedIsAdoptedUnchanged(String name) {
    ModelDescription model = ArchitectureRegistry.describe(name);
    StateDict ours = numbered(model);
    StateDict official = OfficialStateDict.export(model, ours);
    assertThat(OfficialStateDict.adopt(model, official)).isEqualTo(ours);
    assertThat(OfficialStateDict.formOf(model.architecture(), official)).isEqualTo(model.form());
  }

  @Test
  void indicesOfReactivationsAreMatricesOfficially() {
    ModelDescription model = ArchitectureRegistry.describe("converted_cdnv2");
    String name = "features.denseblock_1.denselayer_1.sfr.index";
    Tensor matrix = OfficialStateDict.export(model, numbered(model)).get(name);
    assertThat(matrix.shape()).containsExactly(16, 16);
    float[] damaged = matrix.toFloats();
    damaged[17] = 2;
    assertRefused(model, name, Tensor.ofFloats(damaged, 16, 16), "[1, 1] is 2.0, 0 or 1 expected");
    damaged[17] = 0;
    assertRefused(model, name, Tensor.ofFloats(damaged, 16, 16), "row 1 of " + name + " has 0");
  }

  @Test
  void takesOldCheckpointsAndOtherTypes() {
    ModelDescription model = ArchitectureRegistry.describe("condensenet");
    StateDict ours = numbered(model);
    Map<String, Tensor> old = new LinkedHashMap<>();
    ours.asMap()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == ElementType.FLOAT32) {
                old.put(name, Tensor.ofDoubles(tensor.toDoubles(), tensor.shape()));
              }
            });
    StateDict adopted = OfficialStateDict.adopt(model, StateDict.of(old));
    assertThat(adopted.get("classifier.weight")).isEqualTo(ours.get("classifier.weight"));
    assertThat(adopted.get("features.norm_last.num_batches_tracked").toLongs()).containsExactly(0);
  }

  private static void assertRefused(
      ModelDescription model, String name, Tensor tensor, String message) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(numbered(model).asMap());
    tensors.put(name, tensor);
    assertThatThrownBy(() -> OfficialStateDict.adopt(model, StateDict.of(tensors)))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining(message);
  }

  private static StateDict numbered(ModelDescription model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorDescription tensor : StateDictLayout.of(model)) {
      float[] floats = new float[(int) tensor.size()];
      long[] longs = new long[floats.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = i;
        longs[i] = i % 8;
      }
      tensors.put(
          tensor.name(),
          tensor.type() == ElementType.INT64
              ? Tensor.ofLongs(longs, tensor.shapeArray())
              : Tensor.ofFloats(floats, tensor.shapeArray()));
    }
    return StateDict.of(tensors);
  }
}
