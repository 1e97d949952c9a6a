package io.github.condensenet4j.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.RandomStream;
import io.github.condensenet4j.pipelines.ViewedImages;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;

class EvaluatorTest {

  private static final int CLASSES = 6;

  /** Images of one row of pixels, which the network hands through as logits. */
  private static final class Rows implements LabeledImages {

    private static final int[] LABELS = {0, 5, 1, 2, 5, 1, 0};
    private static final float[][] LOGITS = {
      {9, 1, 2, 3, 4, 5}, // class 0 first
      {9, 1, 2, 3, 4, 5}, // class 5 second
      {9, 1, 2, 3, 4, 5}, // class 1 last
      {0, 0, 0, 0, 0, 0}, // class 2 third of equals
      {1, 2, 3, 4, 5, 6}, // class 5 first
      {6, 2, 3, 4, 5, 1}, // class 1 fifth
      {100, 0, 0, 0, 0, 0} // class 0 first
    };

    private final Set<Integer> unreadable;

    Rows(Integer... unreadable) {
      this.unreadable = Set.of(unreadable);
    }

    @Override
    public int size() {
      return LABELS.length;
    }

    @Override
    public List<String> classNames() {
      return IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    }

    @Override
    public int label(int index) {
      return LABELS[index];
    }

    @Override
    public String name(int index) {
      return "image " + index;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public int width() {
      return CLASSES;
    }

    @Override
    public void read(int index, float[] values, int offset) {
      if (unreadable.contains(index)) {
        throw new InvalidFileException(name(index), "is damaged");
      }
      System.arraycopy(LOGITS[index], 0, values, offset, CLASSES);
    }

    @Override
    public void readAugmented(
        int index, Augmentation augmentation, RandomStream random, float[] values, int offset) {
      read(index, values, offset);
    }

    @Override
    public Augmentation standardAugmentation() {
      return Augmentation.none();
    }
  }

  private static ComputationGraph identity() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .addLayer("same", new ActivationLayer(Activation.IDENTITY), "image")
                .addLayer(
                    "classifier",
                    new DenseLayer.Builder()
                        .nIn(CLASSES)
                        .nOut(CLASSES)
                        .activation(Activation.IDENTITY)
                        .build(),
                    new CnnToFeedForwardPreProcessor(1, CLASSES, 1),
                    "same")
                .addLayer(
                    "softmax",
                    new LossLayer.Builder().activation(Activation.SOFTMAX).build(),
                    "classifier")
                .setOutputs("softmax")
                .setInputTypes(InputType.convolutional(1, CLASSES, 1))
                .build());
    graph.init();
    graph.getLayer("classifier").setParam("W", Nd4j.eye(CLASSES));
    graph.getLayer("classifier").setParam("b", Nd4j.zeros(1, CLASSES));
    return graph;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void countsFirstAndFifthPlacesWhateverTheBatches(int batchSize) {
    EvaluationResult result =
        new Evaluator(new Rows(), batchSize, 2, "classifier").evaluate(identity());

    assertThat(result.images()).isEqualTo(7);
    assertThat(result.top1()).isCloseTo(100 * 3 / 7.0, within(1e-12));
    assertThat(result.top5()).isCloseTo(100 * 6 / 7.0, within(1e-12));
    assertThat(result.loss()).isCloseTo(meanLoss(), within(1e-6));
    assertThat(result.imagesPerSecond()).isPositive();
    assertThat(result.unreadable()).isEmpty();
  }

  private static double meanLoss() {
    double sum = 0;
    for (int image = 0; image < Rows.LABELS.length; image++) {
      double exponentials = 0;
      for (float logit : Rows.LOGITS[image]) {
        exponentials += Math.exp(logit);
      }
      sum += Math.log(exponentials) - Rows.LOGITS[image][Rows.LABELS[image]];
    }
    return sum / Rows.LABELS.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void averagesTheAnswersToAllViewsWhateverTheBatches(int batchSize) {
    ViewedImages views = new ViewedImages(new Rows(4), 2);

    EvaluationResult result = new Evaluator(views, batchSize, 2, "classifier").evaluate(identity());

    double expected = 0;
    for (int image = 0; image < Rows.LABELS.length; image++) {
      double exponentials = 0;
      for (int c = 0; c < CLASSES; c++) {
        exponentials += Math.exp(withMirrored(image, c));
      }
      double loss = Math.log(exponentials) - withMirrored(image, Rows.LABELS[image]);
      expected += image == 4 ? 0 : loss / 6;
    }
    assertThat(result.images()).isEqualTo(6);
    assertThat(result.loss()).isCloseTo(expected, within(1e-5));
    assertThat(result.unreadable()).singleElement().asString().contains("image 4");
  }

  private static double withMirrored(int image, int c) {
    return (Rows.LOGITS[image][c] + Rows.LOGITS[image][CLASSES - 1 - c]) / 2;
  }

  @Test
  void leavesOutAndNamesWhatCannotBeRead() {
    EvaluationResult result =
        new Evaluator(new Rows(2, 3), 2, 2, "classifier").evaluate(identity());

    assertThat(result.images()).isEqualTo(5);
    assertThat(result.top1()).isEqualTo(60);
    assertThat(result.top5()).isEqualTo(100);
    assertThat(result.unreadable())
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("damaged"))
        .element(0)
        .asString()
        .contains("image 2");
  }

  @Test
  void refusesToJudgeNothing() {
    assertThatThrownBy(
            () ->
                new Evaluator(new Rows(0, 1, 2, 3, 4, 5, 6), 2, 1, "classifier")
                    .evaluate(identity()))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("none of the 7 images can be read");
  }
}
