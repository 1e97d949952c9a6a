package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A network in libtorch's operations; what its forms share.
 *
 * <p>Images {@code [N, 3, H, W]} go through the first convolution, dense layers with 2×2 average
 * pooling between blocks, normalisation, ReLU, global pooling and linear layers, and become logits
 * {@code [N, classes]}.
 */
abstract class Network {

  static final double EPSILON = 1e-5;

  private static final double STATISTICS_MOMENTUM = 0.1;
  private static final long[] BOTH = {2, 2};
  private static final long[] PIXELS = {2, 3};

  private final ModelDescription model;
  private final Map<String, Tensor> tensors;
  private final boolean trains;

  /**
   * Creates a network.
   *
   * @param tensors its tensors by their names
   * @param trains whether normalisations take the statistics of the batch, and gradients will be
   *     asked for
   */
  Network(ModelDescription model, Map<String, Tensor> tensors, boolean trains) {
    this.model = model;
    this.tensors = tensors;
    this.trains = trains;
  }

  /**
   * Returns what a layer's 3×3 convolution takes, normalised and activated.
   *
   * @param x all features so far, which must stay as they are
   */
  abstract Tensor bottleneck(
      String name, Tensor x, DenseBlockDescription block, DenseLayerDescription layer);

  /** Returns the features {@code x} with what a reactivation makes of {@code grown} added. */
  abstract Tensor reactivate(
      String name,
      Tensor x,
      Tensor grown,
      DenseBlockDescription block,
      DenseLayerDescription layer);

  /** Returns the logits of {@code images}. */
  final Tensor logits(Tensor images) {
    Architecture network = model.architecture();
    Tensor x =
        Scopes.result(
            () ->
                convolve(
                    images, tensor("features.init_conv.weight"), null, network.initStride(), 1));
    for (DenseBlockDescription block : network.blocks()) {
      if (!block.equals(network.blocks().get(0))) {
        Tensor whole = x;
        x = Scopes.next(whole, () -> torch.avg_pool2d(whole, BOTH));
      }
      for (DenseLayerDescription layer : block.layers()) {
        Tensor before = x;
        x = Scopes.next(before, () -> layer(before, block, layer));
      }
    }
    Tensor features = x;
    return Scopes.next(features, () -> head(features));
  }

  private Tensor layer(Tensor x, DenseBlockDescription block, DenseLayerDescription layer) {
    String name = "features." + block.name() + "." + layer.name();
    Tensor grown =
        Scopes.result(
            () ->
                convolve(
                    bottleneck(name, x, block, layer),
                    tensor(name + ".conv_2.conv.weight"),
                    null,
                    1,
                    architecture().group3x3()));
    if (block.squeeze()) {
      grown = squeezed(name + ".se", grown);
    }
    Tensor made = grown;
    Tensor features =
        model.architecture() instanceof CondenseNetV2Architecture
            ? Scopes.result(() -> reactivate(name + ".sfr", x, made, block, layer))
            : x;
    return torch.cat(new TensorVector(features, made), 1);
  }

  private Tensor squeezed(String name, Tensor x) {
    Tensor mean = torch.mean(x, PIXELS);
    return x.mul(gates(name, mean).view(x.size(0), x.size(1), 1, 1));
  }

  /** Returns the factor of each channel, from its mean {@code [N, C]}. */
  private Tensor gates(String name, Tensor mean) {
    Tensor hidden = activate(torch.linear(mean, tensor(name + ".fc.0.weight")), Activation.RELU);
    return torch.sigmoid(torch.linear(hidden, tensor(name + ".fc.2.weight")));
  }

  private Tensor head(Tensor features) {
    Architecture network = model.architecture();
    Tensor x = normalize(features, "features.norm_last", Activation.RELU);
    x = torch.mean(x, PIXELS);
    if (network instanceof CondenseNetV2Architecture v2) {
      x = x.mul(gates("features.se_last", x));
      if (v2.hasHiddenLayer()) {
        x = activate(linear(x, "fc"), Activation.HARD_SWISH);
      }
    }
    if (model.hasHalvedClassifier()) {
      return linear(torch.index_select(x, 1, tensor("classifier.index")), "classifier.linear");
    }
    return linear(x, "classifier");
  }

  private Tensor linear(Tensor x, String name) {
    return torch.linear(x, tensor(name + ".weight"), new TensorOptional(tensor(name + ".bias")));
  }

  /** Normalises and activates {@code x}, which stays as it is. */
  final Tensor normalize(Tensor x, String name, Activation activation) {
    return activate(
        torch.batch_norm(
            x,
            new TensorOptional(tensor(name + ".weight")),
            new TensorOptional(tensor(name + ".bias")),
            new TensorOptional(tensor(name + ".running_mean")),
            new TensorOptional(tensor(name + ".running_var")),
            trains,
            STATISTICS_MOMENTUM,
            EPSILON,
            false),
        activation);
  }

  /** Activates {@code x}, in its own place where that costs no copy. */
  final Tensor activate(Tensor x, Activation activation) {
    if (activation == Activation.HARD_SWISH && trains) {
      // Its gradient needs what went in.
      return torch.hardswish(x);
    }
    if (activation == Activation.HARD_SWISH) {
      torch.hardswish_(x);
    } else {
      torch.relu_(x);
    }
    // Not what the operation returns: that is a reference which does not keep the tensor alive.
    return x;
  }

  /** Convolves with padding that keeps the size at stride 1; {@code bias} may be null. */
  static Tensor convolve(Tensor x, Tensor weight, Tensor bias, int stride, int groups) {
    long padding = weight.size(2) / 2;
    return torch.conv2d(
        x,
        weight,
        bias == null ? new TensorOptional() : new TensorOptional(bias),
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        groups);
  }

  final Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(model.qualifiedName() + " has no tensor " + name);
    }
    return tensor;
  }

  final Architecture architecture() {
    return model.architecture();
  }
}
