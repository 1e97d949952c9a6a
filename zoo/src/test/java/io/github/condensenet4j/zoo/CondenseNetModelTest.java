package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.PretrainedType;
import org.junit.jupiter.api.Test;
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
  void saysHowToComeByWeights() {
    assertThatThrownBy(() -> new CondenseNet("condensenet_74").initPretrained())
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("no pretrained weights of condensenet_74 are published")
        .hasMessageContaining("import");
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
