package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryCommandTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({"cdnv2_a, 45874350, 2038444, 3350244", "cdnv2_c, 309740977, 6177512, 15097752"})
  void countsAsTheOfficialCodeDoes(String name, long flops, long params, long trainable) {
    JsonValue summary = JsonValue.parse(Run.of("summary", name, "--format", "json").out(), name);

    assertThat(summary.keys())
        .containsExactly("name", "flops", "params", "trainableParams", "layers");
    assertThat(summary.get("name").text()).isEqualTo(name);
    assertThat(summary.get("flops").longInteger()).isEqualTo(flops);
    assertThat(summary.get("params").longInteger()).isEqualTo(params);
    assertThat(summary.get("trainableParams").longInteger()).isEqualTo(trainable);
    assertThat(summary.get("layers").list())
        .allSatisfy(
            layer ->
                assertThat(layer.keys())
                    .containsExactly("name", "type", "outputShape", "flops", "params"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "summary converted_cdnv2 --format=json",
    "summary --format json cdnv2 --converted",
    "summary --model converted_cdnv2 --format json",
    "summary --model=condensenetv2.cdnv2 --converted --format json"
  })
  void countsTheCondensedFormHoweverItIsNamed(String commandLine) {
    JsonValue summary = JsonValue.parse(Run.of(commandLine.split(" ")).out(), commandLine);

    assertThat(summary.get("name").text()).isEqualTo("converted_cdnv2");
  }

  @Test
  void turnsKnobs() {
    Run run =
        Run.of(
            ("summary cdnv2 --stages 1-2 --growth 8-8 --num-classes 3 --image-size 16 --fc-channel"
                    + " 0 --format json")
                .split(" "));

    assertThat(JsonValue.parse(run.out(), "summary").get("layers").list())
        .extracting(layer -> layer.get("name").text())
        .contains("features.denseblock_2.denselayer_2.conv_1", "classifier")
        .doesNotContain("features.denseblock_2.denselayer_3.conv_1", "fc");
  }

  @Test
  void printsATableForPeople() {
    assertThat(Run.of("summary", "cdnv2_a").out())
        .contains("features.init_conv")
        .contains("45,874,350 FLOPs");
  }

  @Test
  void listsTheNetworksThatHaveAName() {
    JsonValue models = JsonValue.parse(Run.of("models", "--format", "json").out(), "models");

    assertThat(models.get("models").list())
        .extracting(model -> model.get("name").text())
        .contains("cdnv2_a", "cdnv2_110", "condensenet_182", "condensenet_74_g8", "condensenet");
    assertThat(Run.of("models").out()).contains("reconstructed");
  }
}
