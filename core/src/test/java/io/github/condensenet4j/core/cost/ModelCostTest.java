package io.github.condensenet4j.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.github.condensenet4j.core.ReferenceModels;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelCostTest {

  static Stream<Named<JsonValue>> rows() {
    return ReferenceModels.rows().stream().map(row -> Named.of(row.get("name").text(), row));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void equalsTheOfficialCounter(JsonValue row) {
    ModelDescription model =
        new ModelDescription(
            row.get("name").text(), ReferenceModels.architecture(row), Form.TRAINABLE);
    ModelCost cost = ModelCost.of(model);
    assertThat(cost.flops()).isEqualTo((long) row.get("flops").number());
    assertThat(cost.params()).isEqualTo((long) row.get("params").number());
    assertThat(cost.trainableParams()).isEqualTo(row.get("trainable_parameters").longInteger());

    ModelCost condensed = ModelCost.of(model.as(Form.CONDENSED));
    JsonValue official = row.get("converted_measure_model");
    assertThat(condensed.flops()).isEqualTo((long) official.get("flops").number());
    assertThat(condensed.params()).isEqualTo((long) official.get("params").number());
    assertThat(condensed.trainableParams())
        .isEqualTo(row.get("converted_trainable_parameters").longInteger());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void equalsTheOfficialCounterLayerByLayer(JsonValue row) {
    row.find("per_layer_name_type_inputCHW_ops_params")
        .ifPresent(official -> assertLayers(row, official.list()));
  }

  private static void assertLayers(JsonValue row, List<JsonValue> official) {
    List<LayerCost> layers =
        ModelCost.of(
                new ModelDescription("test", ReferenceModels.architecture(row), Form.TRAINABLE))
            .layers();
    assertThat(layers.stream().map(LayerCost::name))
        .containsExactlyElementsOf(official.stream().map(l -> l.list().get(0).text()).toList());
    for (int i = 0; i < layers.size(); i++) {
      List<JsonValue> expected = official.get(i).list();
      LayerCost layer = layers.get(i);
      assertThat(layer.type()).as(layer.name()).isEqualTo(expected.get(1).text());
      assertThat((double) layer.flops()).as(layer.name()).isEqualTo(expected.get(3).number());
      assertThat((double) layer.params()).as(layer.name()).isEqualTo(expected.get(4).number());
    }
  }

  // Multiply-adds of convolutions and linear layers, and parameters, in millions: the figures to
  // which the numbers of
  // the unpublished networks were fitted (the paper prints 41 M, 0.48 M and 62 M, 0.78 M).
  @ParameterizedTest
  @CsvSource({"cdnv2_110, 39.3, 0.490", "cdnv2_146, 62.0, 0.812"})
  void reconstructedNetworksCostAboutWhatThePaperSays(String name, double flops, double params) {
    ModelCost cost = ModelCost.of(ArchitectureRegistry.describe(name));
    Set<String> counted = Set.of("Conv2d", "Linear");
    ModelCost condensed = ModelCost.of(ArchitectureRegistry.describe("converted_" + name));
    long multiplyAdds =
        condensed.layers().stream()
            .filter(layer -> counted.contains(layer.type()))
            .mapToLong(LayerCost::flops)
            .sum();
    assertThat(multiplyAdds / 1e6).isCloseTo(flops, offset(0.05));
    assertThat(cost.params() / 1e6).isCloseTo(params, offset(0.0005));
  }

  @Test
  void countsOtherGroupsThanFactors() {
    // By hand for one layer of 16→32 channels on 32×32 pixels, each group keeping 16/8 inputs:
    // 2·32 weights, and 16 activations before, but 2·4 after condensation into 4 groups.
    ModelDescription model =
        ArchitectureRegistry.describe(
            "condensenet", Map.of(Knob.STAGES, "1", Knob.GROWTH, "8", Knob.CONDENSE_FACTOR, "8"));
    LayerCost learned = ModelCost.of(model).layers().get(1);
    assertThat(learned.flops()).isEqualTo(1024 * (64 + 16));
    assertThat(learned.params()).isEqualTo(64 + 2 * 16);
    List<LayerCost> condensed = ModelCost.of(model.as(Form.CONDENSED)).layers().subList(1, 4);
    assertThat(condensed.stream().mapToLong(LayerCost::flops).sum()).isEqualTo(1024 * (64 + 8));
    assertThat(condensed.stream().mapToLong(LayerCost::params).sum()).isEqualTo(64 + 2 * 8);
  }
}
