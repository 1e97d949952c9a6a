package io.github.condensenet4j.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.ReferenceModels;
import io.github.condensenet4j.core.json.JsonValue;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureRegistryTest {

  static Set<String> names() {
    return ArchitectureRegistry.names();
  }

  @ParameterizedTest
  @CsvSource({
    "cdnv2_a, cdnv2_a",
    "cdnv2_b, cdnv2_b",
    "cdnv2_c, cdnv2_c",
    "cdnv2, v2_cifar_small",
    "condensenet_50, v1_cifar_50",
    "condensenet_74, v1_cifar_74",
    "condensenet_86, v1_cifar_86",
    "condensenet_98, v1_cifar_98",
    "condensenet_110, v1_cifar_110",
    "condensenet_122, v1_cifar_122",
    "condensenet_182, v1_cifar_182",
    "condensenet_74_g4, v1_imagenet_74_g4",
    "condensenet_74_g8, v1_imagenet_74_g8",
    "condensenet, v1_cifar_small"
  })
  void namesTheNumbersOfTheOfficialNetworks(String name, String official) {
    JsonValue row =
        ReferenceModels.rows().stream()
            .filter(candidate -> candidate.get("name").text().equals(official))
            .findFirst()
            .orElseThrow();
    assertThat(ArchitectureRegistry.get(name)).isEqualTo(ReferenceModels.architecture(row));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyNetworkSurvivesItsKnobsAndItsJson(String name) {
    Architecture network = ArchitectureRegistry.get(name);
    assertThat(Architecture.of(network.family(), network.knobs())).isEqualTo(network);
    for (String prefix : new String[] {"", "converted_"}) {
      ModelDescription model = ArchitectureRegistry.describe(prefix + name);
      assertThat(model.qualifiedName()).isEqualTo(prefix + name);
      String json = ArchitectureJson.write(model).toString();
      assertThat(ArchitectureJson.readModel(JsonValue.parse(json, "test"))).isEqualTo(model);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyNetworkHasASummaryOfOneLine(String name) {
    assertThat(ArchitectureRegistry.summary(name)).startsWith("CondenseNet").doesNotContain("\n");
  }

  @Test
  void namesTheNearestModels() {
    assertThatThrownBy(() -> ArchitectureRegistry.describe("cdnv2a"))
        .isInstanceOf(ArchitectureException.class)
        .hasMessageStartingWith("no model is called cdnv2a; the nearest names are cdnv2");
    assertThatThrownBy(() -> ArchitectureRegistry.describe("converted_condensnet_74"))
        .hasMessageContaining("converted_condensenet_74");
  }

  @Test
  void strideOfTheFirstConvolutionFollowsTheImageSizeUnlessGiven() {
    assertThat(stride(Map.of(Knob.IMAGE_SIZE, "64"))).isEqualTo(1);
    assertThat(stride(Map.of(Knob.IMAGE_SIZE, "65"))).isEqualTo(2);
    assertThat(stride(Map.of(Knob.IMAGE_SIZE, "224", Knob.INIT_STRIDE, "3"))).isEqualTo(3);
    assertThat(stride(Map.of(Knob.NUM_CLASSES, "7"))).isEqualTo(2);
  }

  private static int stride(Map<Knob, String> knobs) {
    return ArchitectureRegistry.describe("cdnv2_a", knobs).architecture().initStride();
  }

  @ParameterizedTest(name = "{0} with {1} {2}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "cdnv2 | STAGES | 4-4 | there are 2 stages ([4, 4]) but 3 growth rates",
        "cdnv2 | GROWTH | 8-16-30 | denseblock_3.denselayer_1.conv_2: 30 output channels cannot be"
            + " divided by group-3x3 4",
        "cdnv2 | GROUP_TRANS | 3 | denseblock_1.denselayer_1.sfr: 8 input channels cannot be"
            + " divided by group-trans 3",
        "cdnv2 | TRANS_FACTOR | 5 | denseblock_1.denselayer_1.sfr: 16 output channels cannot be"
            + " divided by trans-factor 5",
        "cdnv2 | CONDENSE_FACTOR | 32 | denseblock_1.denselayer_1.conv_1: 16 input channels cannot"
            + " be divided by condense-factor 32",
        "condensenet | GROUP_1X1 | 16 | denseblock_1.denselayer_2.conv_1: 24 input channels cannot"
            + " be divided by group-1x1 16",
        "cdnv2 | LAST_SE_REDUCTION | 241 | 240 channels divided by last-se-reduction 241 leave no"
            + " channel",
        "cdnv2 | IMAGE_SIZE | 3 | images of 3 pixels are too small for 3 blocks",
        "cdnv2 | DROP_RATE | 1 | dropout is 1.0",
        "cdnv2 | DROP_RATE | NaN | dropout is NaN",
        "cdnv2 | STAGES | 4-0-4 | layers of denseblock_2 is 0",
        "cdnv2 | STAGES | 1000000-4-4 | layers of denseblock_1 is 1000000",
        "cdnv2 | BOTTLENECK | 2147483647 | bottleneck is 2147483647",
        "cdnv2 | NUM_CLASSES | 0 | num-classes is 0",
        "cdnv2 | HS_START_BLOCK | -1 | hs-start-block is -1",
      })
  void refusesNumbersThatClash(String name, Knob knob, String value, String message) {
    assertThatThrownBy(() -> ArchitectureRegistry.get(name).with(Map.of(knob, value)))
        .isInstanceOf(ArchitectureException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatIsNoNumberAndKnobsOfTheOtherFamily() {
    assertThatThrownBy(() -> ArchitectureRegistry.get("cdnv2").with(Map.of(Knob.STAGES, "4-x")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--stages is 4-x");
    assertThatThrownBy(
            () -> ArchitectureRegistry.get("condensenet").with(Map.of(Knob.FC_CHANNEL, "9")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("--fc-channel means nothing to condensenet");
  }

  @Test
  void startBlocksPastTheLastMeanNever() {
    Architecture network =
        ArchitectureRegistry.get("cdnv2")
            .with(Map.of(Knob.HS_START_BLOCK, "99", Knob.SE_START_BLOCK, "3"));
    assertThat(network.blocks())
        .allSatisfy(
            block -> {
              assertThat(block.activation()).isEqualTo(Activation.RELU);
              assertThat(block.squeeze()).isFalse();
            });
  }
}
