package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.tensor.StateDict;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {

  private final StateDict v2 = InitialWeights.of(ArchitectureRegistry.describe("cdnv2"), 1);

  @Test
  void convolutionsAreNormalByFanOutWithoutGroups() {
    // 256·… values: the standard error of a deviation is deviation / √(2n).
    assertDeviation("features.denseblock_3.denselayer_4.conv_1.conv.weight", 2.0 / 128);
    assertDeviation("features.denseblock_3.denselayer_4.conv_2.conv.weight", 2.0 / (32 * 9));
    assertDeviation("features.denseblock_3.denselayer_4.sfr.conv.weight", 2.0 / 208);
  }

  private void assertDeviation(String name, double variance) {
    float[] values = v2.get(name).toFloats();
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    double error = 5 / Math.sqrt(2.0 * values.length);
    assertThat(Math.sqrt(squares / values.length / variance)).isCloseTo(1, within(error));
  }

  @Test
  void linearLayersAreUniformByFanIn() {
    assertWithin("fc.weight", 1 / Math.sqrt(240));
    assertWithin("fc.bias", 1 / Math.sqrt(240));
    assertWithin("classifier.bias", 1 / Math.sqrt(64));
    assertWithin("features.se_last.fc.2.weight", 1 / Math.sqrt(15));
  }

  private void assertWithin(String name, double bound) {
    double largest = 0;
    for (float value : v2.get(name).toFloats()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isLessThanOrEqualTo((float) bound).isGreaterThan(0.7 * bound);
  }

  @Test
  void normalisationsPassThroughAndNothingIsDropped() {
    assertThat(v2.get("features.denseblock_1.denselayer_1.sfr.norm.weight").toFloats())
        .containsOnly(1);
    assertThat(v2.get("features.norm_last.bias").toFloats()).containsOnly(0);
    assertThat(v2.get("features.norm_last.running_var").toFloats()).containsOnly(1);
    assertThat(v2.get("features.denseblock_1.denselayer_1.sfr._mask").toFloats()).containsOnly(1);
    assertThat(v2.get("features.denseblock_1.denselayer_1.sfr._stage").toFloats()).containsOnly(0);
  }

  @Test
  void classifierOfTheFirstFamilyHasNoBiasAtFirst() {
    StateDict v1 = InitialWeights.of(ArchitectureRegistry.describe("condensenet"), 1);
    assertThat(v1.get("classifier.bias").toFloats()).containsOnly(0);
  }
}
