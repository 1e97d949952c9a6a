package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.tensor.StateDict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model that was written, read by SameDiff alone, against the graph that it was made from. */
class SameDiffExporterTest {

  /** Rounding of single precision, in shares of the logits' range. */
  private static final double BOUND = 1e-4;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}, condensed: {1}, {2} pixels")
  @CsvSource({
    "condensenet_86, false, 32",
    "condensenet_86, true, 32",
    "cdnv2_110, false, 32",
    "cdnv2_110, true, 40",
    "cdnv2_a, false, 64",
    "cdnv2_a, true, 64"
  })
  void answersAsTheGraph(String name, boolean condensed, int size) throws Exception {
    ModelDescription trainable =
        ArchitectureRegistry.describe(
            name, Map.of(Knob.STAGES, name.equals("cdnv2_a") ? "1-1-2-1-1" : "2-2-2"));
    StateDict trained = Condenser.complete(trainable, RandomModel.trainable(trainable));
    ModelDescription model = condensed ? trainable.as(Form.CONDENSED) : trainable;
    StateDict weights =
        condensed ? Condenser.condense(trainable, trained, Form.CONDENSED) : trained;
    Path file = folder.resolve("model.fb");
    Files.writeString(file, "older");

    SameDiffExporter.write(model, weights, file);

    SameDiff read = SameDiff.load(file.toFile(), false);
    ComputationGraph graph = ModelGraphs.build(model, GraphOptions.inference(), weights);
    Nd4j.getRandom().setSeed(3);
    for (int images : new int[] {1, 3}) {
      INDArray x = Nd4j.randn(DataType.FLOAT, images, 3, size, size);
      Map<String, INDArray> answers =
          read.output(Map.of(ModelGraphs.INPUT, x), ModelGraphs.LOGITS, ModelGraphs.OUTPUT);
      INDArray expected = ModelGraphs.logits(graph, x);
      double range = expected.maxNumber().doubleValue() - expected.minNumber().doubleValue();
      assertThat(largestDifference(answers.get(ModelGraphs.LOGITS), expected))
          .isLessThan(BOUND * range);
      INDArray probabilities = graph.outputSingle(x);
      assertThat(largestDifference(answers.get(ModelGraphs.OUTPUT), probabilities))
          .isLessThan(BOUND);
    }
  }

  private static double largestDifference(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }
}
