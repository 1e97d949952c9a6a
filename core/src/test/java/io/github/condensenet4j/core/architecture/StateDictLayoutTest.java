package io.github.condensenet4j.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.ReferenceModels;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StateDictLayoutTest {

  static Stream<Arguments> models() {
    JsonValue dicts = JsonValue.read(Reference.of("model_table/state_dicts.json"));
    return ReferenceModels.rows().stream()
        // The copy in the repository holds the small networks only.
        .filter(row -> dicts.find(row.get("name").text()).isPresent())
        .flatMap(
            row -> {
              String name = row.get("name").text();
              ModelDescription model =
                  new ModelDescription(name, ReferenceModels.architecture(row), Form.TRAINABLE);
              return Stream.of(
                  Arguments.of(Named.of(name, model), dicts.get(name)),
                  Arguments.of(
                      Named.of(name + ".converted", model.as(Form.CONDENSED)),
                      dicts.get(name + ".converted")));
            });
  }

  @ParameterizedTest
  @MethodSource("models")
  void listsTheOfficialTensorsInTheirOrder(ModelDescription model, JsonValue official) {
    List<TensorDescription> layout = StateDictLayout.of(model);
    assertThat(layout.stream().map(TensorDescription::name))
        .containsExactlyElementsOf(official.keys());
    for (TensorDescription tensor : layout) {
      List<JsonValue> expected = official.get(tensor.name()).list();
      boolean isMatrixOfficially = tensor.name().endsWith(".sfr.index");
      int[] shape = expected.get(0).integers();
      assertThat(tensor.shapeArray())
          .as(tensor.name())
          .isEqualTo(isMatrixOfficially ? new int[] {shape[0]} : shape);
      assertThat(tensor.type().name().toLowerCase(Locale.ROOT))
          .as(tensor.name())
          .isEqualTo(isMatrixOfficially ? "int64" : expected.get(1).text());
    }
  }

  @Test
  void saysWhichTensorIsMissingTooManyOrMisshapen() {
    ModelDescription model = ArchitectureRegistry.describe("condensenet");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorDescription tensor : StateDictLayout.of(model)) {
      tensors.put(
          tensor.name(), Tensor.ofFloats(new float[(int) tensor.size()], tensor.shapeArray()));
    }
    StateDictLayout.check(model, StateDict.of(tensors));

    tensors.put("classifier.bias", Tensor.ofFloats(new float[11], 11));
    assertRefused(model, tensors, "classifier.bias has shape [11], [10] expected");
    Tensor bias = tensors.remove("classifier.bias");
    assertRefused(model, tensors, "classifier.bias, the given weights have none");
    tensors.put("classifier.bias", Tensor.ofFloats(new float[10], 10));
    tensors.put("fc.bias", bias);
    assertRefused(model, tensors, "condensenet has no tensor fc.bias");
  }

  private static void assertRefused(
      ModelDescription model, Map<String, Tensor> tensors, String message) {
    assertThatThrownBy(() -> StateDictLayout.check(model, StateDict.of(tensors)))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining(message);
  }
}
