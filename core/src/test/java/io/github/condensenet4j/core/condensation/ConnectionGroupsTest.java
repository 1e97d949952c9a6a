package io.github.condensenet4j.core.condensation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.condensation.ConnectionGroups.Kind;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionGroupsTest {

  // The official value is a float32 sum of some thousand terms.
  private static final double FLOAT_SUM = 1e-6;

  static Stream<Arguments> files() {
    JsonValue files = JsonValue.read(Reference.of("masks/manifest.json")).get("files");
    return files.keys().stream()
        .filter(file -> file.endsWith(".npz"))
        .map(file -> Arguments.of(file, files.get(file)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void dropsWhatTheOfficialCodeDrops(String file, JsonValue manifest) {
    Map<String, Tensor> arrays = NpzFile.read(Reference.of("masks/" + file));
    ConnectionGroups groups = groups(manifest);
    float[] weight = arrays.get("conv.weight").toFloats();
    float[] mask = new float[weight.length];
    Arrays.fill(mask, 1);
    CondensationState state = CondensationState.INITIAL;
    for (int stage = 0; stage < groups.factor(); stage++) {
      Tensor evolved = arrays.get("conv.weight_stage" + stage);
      weight = evolved == null ? weight : evolved.toFloats();
      double progress = stage / 2.0 / (groups.factor() - 1);
      state = groups.advance(weight, mask, state, StageRule.OFFICIAL_V2, progress);
      assertThat(mask).as("stage %d", stage).isEqualTo(floats(arrays, "mask_stage" + stage));
      assertThat((float) state.count()).isEqualTo(floats(arrays, "count_stage" + stage)[0]);
      assertThat(state.stage()).isEqualTo(stage);
      assertThat((float) groups.keptFraction(mask))
          .isEqualTo((float) manifest.get("kept_fraction").numbers()[stage]);
      double lasso = floats(arrays, "lasso_stage" + stage)[0];
      assertThat(GroupLasso.value(groups, weight, mask, stage))
          .isCloseTo(lasso, within(FLOAT_SUM * lasso));
    }
    assertThat(state.count()).isEqualTo(groups.completeCount());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void catchingUpDropsTheSameAtOnce(String file, JsonValue manifest) {
    Map<String, Tensor> arrays = NpzFile.read(Reference.of("masks/" + file));
    ConnectionGroups groups = groups(manifest);
    if (!manifest.get("evolving").bool()) {
      float[] weight = arrays.get("conv.weight").toFloats();
      float[] mask = new float[weight.length];
      Arrays.fill(mask, 1);
      CondensationState state =
          groups.advance(weight, mask, CondensationState.INITIAL, StageRule.CATCHING_UP, 0.9);
      assertThat(mask).isEqualTo(floats(arrays, "mask_stage" + (groups.factor() - 1)));
      assertThat(state)
          .isEqualTo(new CondensationState(groups.factor() - 1, groups.completeCount()));
    }
  }

  @Test
  void completesWhatLiteralTrainingLeftBehind() {
    ConnectionGroups groups = new ConnectionGroups(Kind.LEARNED_GROUP_CONVOLUTION, 8, 4, 2, 4);
    float[] weight = ramp(32);
    float[] mask = ones(32);
    CondensationState state =
        groups.advance(weight, mask, CondensationState.INITIAL, StageRule.OFFICIAL_V1, 1);
    assertThat(state).isEqualTo(new CondensationState(3, 2));
    assertThat(groups.complete(weight, mask, state)).isEqualTo(new CondensationState(3, 6));
    assertThat(groups.keptFraction(mask)).isEqualTo(0.25);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void neverDropsWithFactorOne(Kind kind) {
    ConnectionGroups groups = new ConnectionGroups(kind, 8, 8, 4, 1);
    float[] mask = ones(64);
    CondensationState state = groups.complete(ramp(64), mask, CondensationState.INITIAL);
    assertThat(mask).containsOnly(1);
    assertThat(state).isEqualTo(CondensationState.INITIAL);
  }

  @Test
  void dropsByIndexWhereWeightsAreEqual() {
    ConnectionGroups groups = new ConnectionGroups(Kind.LEARNED_GROUP_CONVOLUTION, 4, 1, 1, 2);
    float[] mask = ones(4);
    var unused = groups.complete(new float[4], mask, CondensationState.INITIAL);
    assertThat(mask).containsExactly(0, 0, 1, 1);
  }

  @Test
  void refusesChannelsThatDoNotDivide() {
    assertThatThrownBy(() -> new ConnectionGroups(Kind.LEARNED_GROUP_CONVOLUTION, 8, 6, 4, 4))
        .isInstanceOf(ArchitectureException.class)
        .hasMessage("6 channels cannot be divided into 4 groups");
    assertThatThrownBy(() -> new ConnectionGroups(Kind.SPARSE_FEATURE_REACTIVATION, 8, 6, 4, 4))
        .hasMessage("6 channels cannot be divided by condensation factor 4");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void lassoGradientIsThatOfItsValue(Kind kind) {
    ConnectionGroups groups = new ConnectionGroups(kind, 8, 12, 4, 2);
    float[] weight = ramp(96);
    float[] mask = ones(96);
    var unused =
        groups.advance(weight, mask, CondensationState.INITIAL, StageRule.OFFICIAL_V2, 0.5);
    float[] gradient = new float[96];
    GroupLasso.addGradient(groups, weight, mask, 0, 2, gradient);
    for (int i = 0; i < weight.length; i++) {
      float[] moved = weight.clone();
      float step = 1e-2f;
      moved[i] = weight[i] + step;
      double above = GroupLasso.value(groups, moved, mask, 0);
      moved[i] = weight[i] - step;
      double below = GroupLasso.value(groups, moved, mask, 0);
      double slope = 2 * (above - below) / (2 * (double) step);
      // Central differences of a root whose argument is about 1: the error is of the order step².
      assertThat((double) gradient[i]).as("weight %d", i).isCloseTo(slope, within(1e-3));
      assertThat(gradient[i] == 0).isEqualTo(mask[i] == 0);
    }
    float[] ended = new float[96];
    GroupLasso.addGradient(groups, weight, mask, 3, 2, ended);
    assertThat(ended).containsOnly(0);
  }

  private static ConnectionGroups groups(JsonValue manifest) {
    return new ConnectionGroups(
        manifest.get("kind").text().equals("LGC")
            ? Kind.LEARNED_GROUP_CONVOLUTION
            : Kind.SPARSE_FEATURE_REACTIVATION,
        manifest.get("in_channels").integer(),
        manifest.get("out_channels").integer(),
        manifest.get("groups").integer(),
        manifest.get("condense_factor").integer());
  }

  private static float[] floats(Map<String, Tensor> arrays, String name) {
    return arrays.get(name).toFloats();
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Values between about 0.5 and 1.5, with both signs, without a pattern in groups. */
  private static float[] ramp(int length) {
    float[] ramp = new float[length];
    for (int i = 0; i < length; i++) {
      ramp[i] = (0.5f + (i * 37 % 101) / 101f) * (i % 3 == 0 ? -1 : 1);
    }
    return ramp;
  }
}
