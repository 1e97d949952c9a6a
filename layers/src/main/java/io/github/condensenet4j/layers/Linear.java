package io.github.condensenet4j.layers;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code y = x · W + b}, {@code [N, nIn]} to {@code [N, nOut]} (PyTorch's {@code Linear}).
 *
 * <p>Deeplearning4j's {@code DenseLayer} without activation, with its parameters {@code W [nIn,
 * nOut]} and {@code b}. Where a network in single precision runs on the CPU with SIMD, and nothing
 * else is configured (dropout, noise), the kernels of training compute its products.
 */
public final class Linear extends DenseLayer {

  /** For reading JSON. */
  Linear() {}

  private Linear(Builder builder) {
    setNIn(builder.nIn);
    setNOut(builder.nOut);
    setActivationFn(new ActivationIdentity());
    setHasBias(true);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parametersView,
      boolean initialize,
      DataType dataType) {
    LinearLayer layer = new LinearLayer(conf, dataType, ArithmeticChoice.linear(dataType));
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parametersView);
    Map<String, INDArray> parameters = initializer().init(conf, parametersView, initialize);
    layer.setParamTable(parameters);
    layer.setConf(conf);
    return layer;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof Linear;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Linear && super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /** Collects the settings of a {@link Linear}. */
  public static final class Builder {

    private int nIn;
    private int nOut;

    private Builder() {}

    /** Sets the features of the input; taken over from the layer before if not given. */
    public Builder nIn(int nIn) {
      this.nIn = nIn;
      return this;
    }

    /** Sets the features of the output. */
    public Builder nOut(int nOut) {
      this.nOut = nOut;
      return this;
    }

    /** Returns the layer. */
    public Linear build() {
      Shapes.positive("nOut", nOut);
      return new Linear(this);
    }
  }
}
