package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.layers.arithmetic.Dropout;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

class DropoutTest {

  @Test
  void dropsItsShareAndScalesTheRest() {
    Dropout dropout = new Dropout(0.3, Dropout.seed(1, "norm.", 0));
    int dropped = 0;
    for (int row = 0; row < 100; row++) {
      for (int column = 0; column < 1000; column++) {
        float factor = dropout.factor(row, column);
        assertThat(factor).isIn(0f, (float) (1 / 0.7));
        dropped += factor == 0 ? 1 : 0;
      }
    }
    // Three standard deviations of 100,000 independent draws.
    assertThat(dropped / 1e5).isCloseTo(0.3, Offset.offset(0.0044));
  }

  @Test
  void stepsLayersAndNetworksDropDifferently() {
    long seed = Dropout.seed(1, "conv1.", 5);
    assertThat(seed)
        .isNotEqualTo(Dropout.seed(1, "conv1.", 6))
        .isNotEqualTo(Dropout.seed(1, "conv2.", 5))
        .isNotEqualTo(Dropout.seed(2, "conv1.", 5))
        .isEqualTo(Dropout.seed(1, "conv1.", 5));
  }

  @Test
  void gradientIsThatOfWhatWasKept() {
    LearnedGroupConvolution configuration =
        LearnedGroupConvolution.builder().nIn(8).nOut(4).groups(2).dropRate(0.5).build();
    RunningLayer layer = new RunningLayer(configuration, DataType.DOUBLE);
    INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 8, 3, 3);
    INDArray weight = layer.parameter("conv.weight");
    double step = 1e-6;
    weight.putScalar(3, weight.getDouble(3) + step);
    double above = layer.forward(x, true).sumNumber().doubleValue();
    weight.putScalar(3, weight.getDouble(3) - 2 * step);
    double below = layer.forward(x, true).sumNumber().doubleValue();
    weight.putScalar(3, weight.getDouble(3) + step);
    INDArray y = layer.forward(x, true);
    layer.backward(Nd4j.ones(DataType.DOUBLE, y.shape()));
    assertThat(layer.gradient("conv.weight").getDouble(3))
        .isCloseTo((above - below) / (2 * step), Offset.offset(1e-7));
  }

  @Test
  void interruptedTrainingDropsAsIfItHadGoneOn(@TempDir Path folder) throws IOException {
    ComputationGraph whole = network();
    ComputationGraph first = network();
    for (int step = 0; step < 2; step++) {
      whole.fit(SampleLayers.batch(DataType.FLOAT, 5, step));
      first.fit(SampleLayers.batch(DataType.FLOAT, 5, step));
    }
    File file = folder.resolve("network.zip").toFile();
    ModelSerializer.writeModel(first, file, true);
    ComputationGraph second = ModelSerializer.restoreComputationGraph(file);
    for (int step = 2; step < 4; step++) {
      whole.fit(SampleLayers.batch(DataType.FLOAT, 5, step));
      second.fit(SampleLayers.batch(DataType.FLOAT, 5, step));
    }
    assertThat(second.params()).isEqualTo(whole.params());
  }

  private static ComputationGraph network() {
    return SampleLayers.network(
        SampleLayers.denseBlock().dropRate(0.4).build(),
        DataType.FLOAT,
        new Nesterovs(0.05, 0.9),
        WorkspaceMode.ENABLED);
  }
}
