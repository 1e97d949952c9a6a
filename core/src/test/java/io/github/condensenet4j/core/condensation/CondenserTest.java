package io.github.condensenet4j.core.condensation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.IncompleteCondensationException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.condensation.ConnectionGroups.Kind;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CondenserTest {

  @ParameterizedTest(name = "G={0}, C={1}")
  @CsvSource({"4, 8", "8, 4"})
  void laysOutLearnedGroupsAsTheOfficialCode(int groups, int factor) {
    Map<String, Tensor> arrays =
        NpzFile.read(Reference.of("conversion/lgc_G%d_C%d.npz".formatted(groups, factor)));
    Tensor weight = arrays.get("lgc.conv.weight");
    CondensedConnections condensed =
        CondensedConnections.of(
            new ConnectionGroups(
                Kind.LEARNED_GROUP_CONVOLUTION, weight.size(1), weight.size(0), groups, factor),
            weight.toFloats(),
            arrays.get("lgc._mask").toFloats());
    assertThat(IntStream.of(condensed.index()).asLongStream().toArray())
        .isEqualTo(arrays.get("converted.index").toLongs());
    assertThat(condensed.weight()).isEqualTo(arrays.get("converted.conv.weight").toFloats());
  }

  @Test
  void refusesLayersThatAreNotFullyCondensed() {
    Map<String, Tensor> arrays = NpzFile.read(Reference.of("conversion/incomplete_lgc.npz"));
    ConnectionGroups groups = new ConnectionGroups(Kind.LEARNED_GROUP_CONVOLUTION, 16, 16, 4, 4);
    assertThatThrownBy(
            () ->
                CondensedConnections.of(
                    groups,
                    arrays.get("lgc.conv.weight").toFloats(),
                    arrays.get("lgc._mask").toFloats()))
        .isInstanceOf(IncompleteCondensationException.class)
        .hasMessage("group 0 keeps 12 of 16 channels, 4 expected after condensation by 4");
  }

  // G = C is what the official code can do; the others are held against the masked layer itself.
  @ParameterizedTest(name = "{0}, G={1}, C={2}")
  @CsvSource({
    "LEARNED_GROUP_CONVOLUTION, 4, 4",
    "LEARNED_GROUP_CONVOLUTION, 4, 8",
    "LEARNED_GROUP_CONVOLUTION, 8, 4",
    "LEARNED_GROUP_CONVOLUTION, 2, 1",
    "SPARSE_FEATURE_REACTIVATION, 4, 4",
    "SPARSE_FEATURE_REACTIVATION, 4, 8",
    "SPARSE_FEATURE_REACTIVATION, 8, 4",
    "SPARSE_FEATURE_REACTIVATION, 2, 1"
  })
  void condensedLayersAnswerAsMaskedOnes(Kind kind, int groupCount, int factor) {
    int in = 16;
    int out = 32;
    ConnectionGroups groups = new ConnectionGroups(kind, in, out, groupCount, factor);
    SplittableRandom random = new SplittableRandom(groupCount * 100 + factor);
    // Whole numbers: sums are exact in every order.
    float[] weight = wholeNumbers(random, in * out);
    float[] features = wholeNumbers(random, in);
    float[] mask = new float[in * out];
    Arrays.fill(mask, 1);
    var unused = groups.complete(weight, mask, CondensationState.INITIAL);
    CondensedConnections condensed = CondensedConnections.of(groups, weight, mask);
    float[] answer =
        kind == Kind.LEARNED_GROUP_CONVOLUTION
            ? condensedLearned(groups, condensed, features)
            : condensedReactivation(groups, condensed, features);
    assertThat(answer).isEqualTo(masked(weight, mask, features, out));
  }

  private static float[] masked(float[] weight, float[] mask, float[] features, int out) {
    float[] answer = new float[out];
    for (int i = 0; i < weight.length; i++) {
      answer[i / features.length] += weight[i] * mask[i] * features[i % features.length];
    }
    return answer;
  }

  /** Gathers, multiplies group by group and shuffles. */
  private static float[] condensedLearned(
      ConnectionGroups groups, CondensedConnections condensed, float[] features) {
    int share = groups.share();
    int members = groups.membersPerGroup();
    float[] answer = new float[groups.outChannels()];
    for (int out = 0; out < answer.length; out++) {
      int group = out / members;
      int shuffled = out % members * groups.groups() + group;
      for (int rank = 0; rank < share; rank++) {
        answer[shuffled] +=
            condensed.weight()[out * share + rank]
                * features[condensed.index()[group * share + rank]];
      }
    }
    return answer;
  }

  /** Shuffles the other way, multiplies group by group and adds. */
  private static float[] condensedReactivation(
      ConnectionGroups groups, CondensedConnections condensed, float[] features) {
    int members = groups.membersPerGroup();
    float[] answer = new float[groups.outChannels()];
    for (int filter = 0; filter < condensed.index().length; filter++) {
      int group = filter / groups.share();
      for (int member = 0; member < members; member++) {
        answer[condensed.index()[filter]] +=
            condensed.weight()[filter * members + member]
                * features[member * groups.groups() + group];
      }
    }
    return answer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"cdnv2", "condensenet"})
  void condensesWholeNetworksOnlyWhenComplete(String name) {
    ModelDescription model = ArchitectureRegistry.describe(name);
    StateDict weights = untrained(model);
    assertThatThrownBy(() -> Condenser.condense(model, weights, Form.CONDENSED))
        .isInstanceOf(IncompleteCondensationException.class)
        .hasMessageContaining(
            "features.denseblock_1.denselayer_1.conv_1 keeps 1.000 of its connections, 0.2500")
        .hasMessageContaining("--complete");

    StateDict complete = Condenser.complete(model, weights);
    StateDict condensed = Condenser.condense(model, complete, Form.CONDENSED);
    assertThat(condensed.names())
        .containsExactlyElementsOf(
            StateDictLayout.of(model.as(Form.CONDENSED)).stream()
                .map(TensorDescription::name)
                .toList());
    StateDictLayout.check(model.as(Form.CONDENSED), condensed);
    assertThat(Condenser.complete(model, complete)).isEqualTo(complete);
  }

  @Test
  void condensesReactivationsWithOtherGroupsThanFactors() {
    ModelDescription model =
        ArchitectureRegistry.describe(
            "cdnv2", Map.of(Knob.TRANS_FACTOR, "8", Knob.CONDENSE_FACTOR, "2"));
    StateDict condensed =
        Condenser.condense(model, Condenser.complete(model, untrained(model)), Form.CONDENSED);
    StateDictLayout.check(model.as(Form.CONDENSED), condensed);
  }

  @Test
  void keepsTheHeavierHalfOfTheClassifierInputsOrAll() {
    ModelDescription model =
        ArchitectureRegistry.describe("condensenet", Map.of(Knob.NUM_CLASSES, "1"));
    Map<String, Tensor> tensors =
        new LinkedHashMap<>(Condenser.complete(model, untrained(model)).asMap());
    float[] weight = new float[240];
    for (int i = 0; i < weight.length; i++) {
      // Heaviest at both ends, and of either sign.
      weight[i] = i < 120 ? i - 119.5f : i - 120;
    }
    tensors.put("classifier.weight", Tensor.ofFloats(weight, 1, 240));
    StateDict halved = Condenser.condense(model, StateDict.of(tensors), Form.CONDENSED);
    long[] index = halved.get("classifier.index").toLongs();
    assertThat(index).hasSize(120).contains(0, 239).doesNotContain(119, 120);
    assertThat(index[119]).isEqualTo(0);
    assertThat(halved.get("classifier.linear.weight").toFloats()[119]).isEqualTo(-119.5f);

    StateDict whole =
        Condenser.condense(model, StateDict.of(tensors), Form.CONDENSED_WHOLE_CLASSIFIER);
    assertThat(whole.get("classifier.weight").toFloats()).isEqualTo(weight);
  }

  @Test
  void refusesDamagedMasks() {
    ModelDescription model = ArchitectureRegistry.describe("condensenet");
    Map<String, Tensor> tensors =
        new LinkedHashMap<>(Condenser.complete(model, untrained(model)).asMap());
    String name = "features.denseblock_2.denselayer_1.conv_1._mask";
    float[] mask = tensors.get(name).toFloats();
    mask[IntStream.range(0, mask.length).filter(i -> mask[i] == 1).findFirst().orElseThrow()] = 0;
    tensors.put(name, Tensor.ofFloats(mask, tensors.get(name).shape()));
    assertThatThrownBy(() -> Condenser.condense(model, StateDict.of(tensors), Form.CONDENSED))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("features.denseblock_2.denselayer_1.conv_1: group")
        .hasMessageContaining("for some of its members only");
  }

  private static StateDict untrained(ModelDescription model) {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorDescription tensor : StateDictLayout.of(model)) {
      int size = (int) tensor.size();
      String name = tensor.name();
      float[] values = new float[size];
      if (name.endsWith("_mask")) {
        Arrays.fill(values, 1);
      } else if (!name.endsWith("_stage") && !name.endsWith("_count")) {
        values = wholeNumbers(random, size);
      }
      tensors.put(
          name,
          tensor.type() == ElementType.INT64
              ? Tensor.ofLongs(new long[size], tensor.shapeArray())
              : Tensor.ofFloats(values, tensor.shapeArray()));
    }
    return StateDict.of(tensors);
  }

  private static float[] wholeNumbers(SplittableRandom random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextInt(-50, 51);
    }
    return numbers;
  }
}
