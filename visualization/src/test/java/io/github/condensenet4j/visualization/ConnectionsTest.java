package io.github.condensenet4j.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.visualization.ConnectionMap.Cell;
import io.github.condensenet4j.visualization.ConnectionMap.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"cdnv2_a", "cdnv2_110", "condensenet_86"})
  void sayTheSameOfANetworkBeforeAndAfterConversion(String name) {
    ModelDescription model = ArchitectureRegistry.describe(name);
    StateDict pruned = Condenser.complete(model, RandomModel.trainable(model));
    StateDict condensed = Condenser.condense(model, pruned, Form.CONDENSED);

    List<ConnectionMap> before = new Connections(model, pruned).maps();
    List<ConnectionMap> after = new Connections(model.as(Form.CONDENSED), condensed).maps();

    assertThat(after).hasSameSizeAs(before);
    for (int m = 0; m < before.size(); m++) {
      ConnectionMap map = before.get(m);
      for (int feature = 0; feature < map.features().size(); feature++) {
        for (int layer = 0; layer < map.layers().size(); layer++) {
          Cell expected = map.cells().get(feature).get(layer);
          Cell found = after.get(m).cells().get(feature).get(layer);
          if (feature > layer) {
            assertThat(found).isNull();
          } else {
            assertThat(found.kept()).isEqualTo(expected.kept());
            assertThat(found.strength()).isCloseTo(expected.strength(), within(1e-9));
          }
        }
      }
    }
  }

  @Test
  void countWhatACompleteCondensationLeaves() {
    ModelDescription model = ArchitectureRegistry.describe("cdnv2_110");
    StateDict pruned = Condenser.complete(model, RandomModel.trainable(model));

    List<KeptConnections> kept =
        KeptConnections.of(model.architecture(), new Connections(model, pruned).maps());

    assertThat(kept).hasSize(6);
    assertThat(kept)
        .allSatisfy(
            block ->
                assertThat(block.share())
                    .isCloseTo(
                        KeptConnections.target(model.architecture(), block.kind()), within(1e-9)));
    assertThat(kept).extracting(KeptConnections::kind).contains(Kind.LEARNED, Kind.REACTIVATION);
  }

  @Test
  void weighAllConnectionsOfANetworkThatHasDroppedNone() {
    ModelDescription model = ArchitectureRegistry.describe("condensenet_86");
    StateDict weights = RandomModel.trainable(model);

    ConnectionMap first = new Connections(model, weights).maps().get(0);

    float[] values =
        weights.get("features.denseblock_1.denselayer_1.conv_1.conv.weight").toFloats();
    double sum = 0;
    for (float value : values) {
      sum += Math.abs(value);
    }
    Cell cell = first.cells().get(0).get(0);
    assertThat(cell.kept()).isEqualTo(1);
    assertThat(cell.strength()).isCloseTo(sum / values.length, within(1e-9));
  }

  @Test
  void refuseWeightsOfAnotherNetwork() {
    ModelDescription model = ArchitectureRegistry.describe("cdnv2_110");
    StateDict other = RandomModel.trainable(ArchitectureRegistry.describe("condensenet_86"));

    assertThatThrownBy(() -> new Connections(model, other))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("of another model?");
  }
}
