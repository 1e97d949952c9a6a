package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.fused.FusedLinear;
import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The runtime layer of {@link Linear}: Deeplearning4j's, past which the products go where there are
 * kernels for them and nothing was configured that they know nothing of.
 */
final class LinearLayer extends DenseLayer {

  private static final String KIND = "linear";

  private final transient Optional<FusedLinear> products;

  LinearLayer(NeuralNetConfiguration conf, DataType dataType, Optional<FusedLinear> products) {
    super(conf, dataType);
    this.products = products;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    return StepProfile.time(KIND, Phase.FORWARD, () -> activated(training, workspaces));
  }

  private INDArray activated(boolean training, LayerWorkspaceMgr workspaces) {
    if (!isPlain()) {
      return super.activate(training, workspaces);
    }
    INDArray y =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, input.size(0), weight().size(1));
    products.get().forward(input.castTo(dataType), weight(), bias(), y);
    return y;
  }

  /**
   * Tells whether the layer is nothing but {@code x · W + b} in memory that the kernels can read.
   */
  private boolean isPlain() {
    org.deeplearning4j.nn.conf.layers.DenseLayer configuration = layerConf();
    return products.isPresent()
        && configuration.getActivationFn() instanceof ActivationIdentity
        && configuration.getIDropout() == null
        && configuration.getWeightNoise() == null
        && configuration.isHasBias()
        && !configuration.isHasLayerNorm()
        && maskArray == null
        && input.rank() == 2
        && input.size(1) == weight().size(0)
        && FusedLinear.suits(weight());
  }

  private INDArray weight() {
    return params.get(DefaultParamInitializer.WEIGHT_KEY);
  }

  private INDArray bias() {
    return params.get(DefaultParamInitializer.BIAS_KEY);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    return StepProfile.time(KIND, Phase.BACKWARD, () -> differentiated(epsilon, workspaces));
  }

  private Pair<Gradient, INDArray> differentiated(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray ofWeight = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
    INDArray ofBias = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
    if (!isPlain() || !FusedLinear.suits(ofWeight)) {
      return super.backpropGradient(epsilon, workspaces);
    }
    INDArray dx =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape());
    products
        .get()
        .backward(input.castTo(dataType), weight(), epsilon.castTo(dataType), ofWeight, ofBias, dx);
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, ofWeight);
    gradient.setGradientFor(DefaultParamInitializer.BIAS_KEY, ofBias);
    return new Pair<>(gradient, dx);
  }
}
