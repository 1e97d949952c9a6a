package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.PretrainedType;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CondenseNetModelTest {

  @Test
  void isAModelOfTheZoo() {
    CondenseNetV2 model = new CondenseNetV2("cdnv2");
    model.setInputShape(new int[][] {{3, 16, 16}});
    ComputationGraph graph = model.init();
    assertThat(graph.outputSingle(Nd4j.zeros(1, 3, 16, 16)).shape()).containsExactly(1, 10);
    assertThat(model.modelName()).isEqualTo("cdnv2");
    assertThat(model.modelType()).isEqualTo(ComputationGraph.class);
    assertThat(model.pretrainedAvailable(PretrainedType.IMAGENET)).isFalse();
  }

  @Test
  void takesTrainedWeightsOffTheClassPath() throws IOException {
    CondenseNetV2 trainable = new CondenseNetV2("cdnv2");
    assertThat(trainable.pretrainedAvailable(PretrainedType.CIFAR10)).isTrue();
    ComputationGraph trained = trainable.initPretrained(PretrainedType.CIFAR10);
    ComputationGraph condensed = new CondenseNetV2("converted_cdnv2").initPretrained("cifar10");

    INDArray images = Nd4j.randn(4, 3, 32, 32);
    INDArray difference =
        ModelGraphs.logits(trained, images).sub(ModelGraphs.logits(condensed, images));
    // Single precision, sums in another order.
    assertThat(difference.amaxNumber().floatValue()).isLessThan(1e-4f);
    assertThat(trainable.initPretrained("cdnv2-cifar10").params()).isEqualTo(trained.params());
    assertThatThrownBy(() -> new CondenseNet("condensenet").initPretrained("cdnv2-cifar10"))
        .isInstanceOf(ArchitectureException.class)
        .hasMessage("network of the weights cdnv2-cifar10 is cdnv2, condensenet expected");
    assertThatThrownBy(() -> new CondenseNet("condensenet").initPretrained())
        .hasMessageContaining("condensenet4j-weights-condensenet-cifar10");
  }

  @Test
  void saysHowToComeByWeights() {
    assertThatThrownBy(() -> new CondenseNet("condensenet_74").initPretrained())
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("no trained model of condensenet_74 on cifar10 is published");
  }

  @Test
  void refusesTheOtherFamilyAndImagesThatAreNotSquare() {
    assertThatThrownBy(() -> new CondenseNet("cdnv2_a"))
        .isInstanceOf(ArchitectureException.class)
        .hasMessage("architecture of cdnv2_a is cdnv2, a CondenseNetArchitecture expected");
    assertThatThrownBy(() -> new CondenseNetV2("cdnv2").setInputShape(new int[][] {{3, 8, 16}}))
        .isInstanceOf(ArchitectureException.class)
        .hasMessageContaining("input shape is [[3, 8, 16]]");
  }
}
