package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.layers.LearnedGroupConvolution;
import io.github.condensenet4j.training.optimizer.Optimizer;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A small network that stands in for those of the zoo, with batches for it. */
final class Stand {

  static final int CLASSES = 3;
  static final int SIDE = 4;

  private Stand() {}

  /** Returns a network without normalisation, whose gradients are sums over images. */
  static ComputationGraph plain() {
    return network(new ActivationLayer(Activation.TANH));
  }

  /** Returns a network with a learned group convolution. */
  static ComputationGraph learned() {
    return network(LearnedGroupConvolution.builder().nOut(8).groups(4).build());
  }

  private static ComputationGraph network(Layer middle) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(Optimizer.SGD.updater(0, 0.9, 0))
                .graphBuilder()
                .addInputs("image")
                .addLayer("first", new ConvolutionLayer.Builder(3, 3).nOut(8).build(), "image")
                .addLayer("middle", middle, "first")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "middle")
                .addLayer(
                    "classifier",
                    new DenseLayer.Builder().nOut(CLASSES).activation(Activation.IDENTITY).build(),
                    "pool")
                .addLayer(
                    "softmax",
                    new LossLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "classifier")
                .setOutputs("softmax")
                .setInputTypes(InputType.convolutional(SIDE, SIDE, 3))
                .build());
    graph.init();
    return graph;
  }

  static DataSet batch(int images, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[images * 3 * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    INDArray features = Nd4j.createFromArray(pixels).reshape(images, 3, SIDE, SIDE);
    INDArray labels = Nd4j.zeros(images, CLASSES);
    for (int image = 0; image < images; image++) {
      labels.putScalar(image, random.nextInt(CLASSES), 1);
    }
    return new DataSet(features, labels);
  }

  static StepRecipe recipe() {
    return recipe(1, 0, 0, 0);
  }

  /** Returns a recipe for three versions of each image, whose answers are compared. */
  static StepRecipe recipeOfVersions(int gradAccum) {
    return recipeOfVersions(3, true, gradAccum, 0);
  }

  static StepRecipe recipeOfVersions(int splits, boolean compares, int gradAccum, double clip) {
    return new StepRecipe(
        Optimizer.SGD,
        0.1,
        0,
        DecayRule.V2,
        0.1,
        0,
        clip,
        gradAccum,
        StageRule.CATCHING_UP,
        "classifier",
        splits,
        compares);
  }

  static StepRecipe recipe(int gradAccum, double weightDecay, double lasso, double clip) {
    return new StepRecipe(
        Optimizer.SGD,
        0.1,
        weightDecay,
        DecayRule.V2,
        0.1,
        lasso,
        clip,
        gradAccum,
        StageRule.CATCHING_UP,
        "classifier",
        1,
        false);
  }
}
