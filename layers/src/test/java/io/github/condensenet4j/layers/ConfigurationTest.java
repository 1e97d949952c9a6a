package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.unit.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;

class ConfigurationTest {

  static Stream<Arguments> clashing() {
    return Stream.of(
        clash("nOut is 0", () -> LearnedGroupConvolution.builder().build()),
        clash("10", () -> LearnedGroupConvolution.builder().nIn(10).nOut(8).build()),
        clash(
            "dropRate is 1.0", () -> LearnedGroupConvolution.builder().nOut(8).dropRate(1).build()),
        clash("nIn is 6", () -> GroupConvolution.builder().nIn(6).nOut(8).groups(4).build()),
        clash("nOut is 6", () -> GroupConvolution.builder().nIn(8).nOut(6).groups(4).build()),
        clash("stride is 0", () -> Convolution.builder().nIn(3).nOut(6).stride(0).build()),
        clash("nIn is 6", () -> ChannelShuffle.builder().nIn(6).groups(4).build()),
        clash("is 9", () -> SqueezeExcitation.builder().nIn(8).reduction(9).build()),
        clash("layers is 0", () -> DenseBlock.builder().nIn(8).growth(8).build()),
        clash("growth is 6", () -> DenseBlock.builder().nIn(8).layers(1).growth(6).build()),
        clash(
            "channels of a dense layer is 20",
            () ->
                CondensedDenseBlock.builder()
                    .nIn(16)
                    .layers(2)
                    .growth(4)
                    .condenseFactor(8)
                    .build()));
  }

  private static Arguments clash(String message, Supplier<CondenseNetLayer> layer) {
    return Arguments.of(message, layer);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clashing")
  void numbersThatClashAreNamed(String message, Supplier<CondenseNetLayer> layer) {
    assertThatThrownBy(() -> layer.get().parameters())
        .isInstanceOf(ArchitectureException.class)
        .hasMessageContaining(message);
  }

  @Test
  void inputsOfAnotherWidthAreRefused() {
    GroupConvolution layer = GroupConvolution.builder().nIn(8).nOut(8).build();
    assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(4, 4, 6)))
        .isInstanceOf(ArchitectureException.class)
        .hasMessageContaining("channels of the input is 6, 8 expected");
    RunningLayer running = new RunningLayer(layer, DataType.FLOAT);
    assertThatThrownBy(() -> running.forward(Nd4j.zeros(2, 6, 4, 4), false))
        .isInstanceOf(ArchitectureException.class)
        .hasMessageContaining("[2, 6, 4, 4]");
  }

  @Test
  void indicesOutsideTheChannelsAreRefused() {
    RunningLayer layer =
        new RunningLayer(IndexSelect.builder().nIn(4).nOut(2).build(), DataType.FLOAT);
    layer.layer().setParam("index", Nd4j.createFromArray(0, 4));
    assertThatThrownBy(() -> layer.forward(Nd4j.zeros(1, 4), false))
        .isInstanceOf(ArchitectureException.class)
        .hasMessage("index is 4, 0 to 3 expected");
  }

  @Test
  void parametersAreNamedAndShapedAsInTheOfficialCode() {
    DenseBlock block =
        SampleLayers.denseBlock().nIn(8).layers(1).groupTrans(2).squeeze(true).build();
    assertThat(block.parameters().stream().map(Parameter::toString))
        .containsExactlyInAnyOrder(
            "denselayer1.conv1.norm.weight[8]",
            "denselayer1.conv1.norm.bias[8]",
            "denselayer1.conv1.norm.runningmean[8]",
            "denselayer1.conv1.norm.runningvar[8]",
            "denselayer1.conv1.norm.numbatchestracked[1]",
            "denselayer1.conv1.conv.weight[8, 8, 1, 1]",
            "denselayer1.conv1.count[1]",
            "denselayer1.conv1.stage[1]",
            "denselayer1.conv1.mask[8, 8, 1, 1]",
            "denselayer1.conv2.norm.weight[8]",
            "denselayer1.conv2.norm.bias[8]",
            "denselayer1.conv2.norm.runningmean[8]",
            "denselayer1.conv2.norm.runningvar[8]",
            "denselayer1.conv2.norm.numbatchestracked[1]",
            "denselayer1.conv2.conv.weight[4, 4, 3, 3]",
            "denselayer1.sfr.norm.weight[4]",
            "denselayer1.sfr.norm.bias[4]",
            "denselayer1.sfr.norm.runningmean[4]",
            "denselayer1.sfr.norm.runningvar[4]",
            "denselayer1.sfr.norm.numbatchestracked[1]",
            "denselayer1.sfr.conv.weight[8, 4, 1, 1]",
            "denselayer1.sfr.count[1]",
            "denselayer1.sfr.stage[1]",
            "denselayer1.sfr.mask[8, 4, 1, 1]",
            "denselayer1.se.fc.0.weight[4, 4]",
            "denselayer1.se.fc.2.weight[4, 4]");
  }

  @Test
  void decayAndUpdatersFollowTheRole() {
    LearnedGroupConvolution layer =
        LearnedGroupConvolution.builder().nIn(8).nOut(8).groups(2).build();
    layer.setUpdater(new Sgd(0.1));
    layer.setRegularization(List.of(new L2Regularization(0.01)));
    layer.setRegularizationBias(List.of(new L2Regularization(0.02)));
    assertThat(layer.getUpdaterByParam("conv.weight")).isEqualTo(new Sgd(0.1));
    assertThat(layer.getUpdaterByParam("norm.bias")).isEqualTo(new Sgd(0.1));
    assertThat(layer.getRegularizationByParam("conv.weight"))
        .containsExactly(new L2Regularization(0.01));
    assertThat(layer.getRegularizationByParam("norm.weight"))
        .containsExactly(new L2Regularization(0.02));
    for (String state : Arrays.asList("mask", "stage", "count", "norm.runningmean")) {
      assertThat(layer.getUpdaterByParam(state)).isEqualTo(new NoOp());
      assertThat(layer.getRegularizationByParam(state)).isNullOrEmpty();
    }
    assertThatThrownBy(() -> layer.getUpdaterByParam("momentum"))
        .isInstanceOf(ArchitectureException.class);
  }

  @Test
  void theScoreCountsRegularisation() {
    LearnedGroupConvolution layer =
        LearnedGroupConvolution.builder().nIn(8).nOut(8).groups(2).build();
    layer.setRegularization(List.of(new L2Regularization(0.01)));
    layer.setRegularizationBias(List.of(new L2Regularization(0.02)));
    RunningLayer running = new RunningLayer(layer, DataType.DOUBLE);
    double weights = running.parameter("conv.weight").norm2Number().doubleValue();
    assertThat(running.layer().calcRegularizationScore(true))
        .isCloseTo(0.5 * (0.01 * weights * weights + 0.02 * 8), Offset.offset(1e-9));
  }

  @Test
  void anUnknownNumberOfInputsComesFromTheLayerBefore() {
    DenseBlock block = SampleLayers.denseBlock().build();
    block.setNIn(InputType.convolutional(4, 4, 8), false);
    assertThat(block.getOutputType(0, InputType.convolutional(4, 4, 8)))
        .isEqualTo(InputType.convolutional(4, 4, 16));
  }
}
