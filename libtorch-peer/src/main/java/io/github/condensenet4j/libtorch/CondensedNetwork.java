package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A network after conversion, its second normalisations folded into the convolutions before them
 * ({@link CondensedTensors}).
 */
final class CondensedNetwork extends Network {

  private final Variant variant;

  CondensedNetwork(ModelDescription model, Map<String, Tensor> tensors, Variant variant) {
    super(model, tensors, false);
    this.variant = variant;
  }

  @Override
  Tensor bottleneck(
      String name, Tensor x, DenseBlockDescription block, DenseLayerDescription layer) {
    Tensor index = tensor(name + ".conv_1.index");
    int groups = variant.form() == Variant.Form.DENSE ? 1 : architecture().group1x1();
    Tensor picked = takesAll(index, layer) ? x : torch.index_select(x, 1, index);
    Tensor narrow =
        convolve(
            normalize(picked, name + ".conv_1.norm", block.activation()),
            tensor(name + ".conv_1.conv.weight"),
            tensor(name + ".conv_1.conv.bias"),
            1,
            groups);
    if (groups > 1) {
      narrow = torch.channel_shuffle(narrow, groups);
    }
    return activate(narrow, block.activation());
  }

  @Override
  Tensor reactivate(
      String name,
      Tensor x,
      Tensor grown,
      DenseBlockDescription block,
      DenseLayerDescription layer) {
    Tensor active = normalize(grown, name + ".norm", block.activation());
    Tensor weight = tensor(name + ".conv.weight");
    if (variant.form() == Variant.Form.FOLDED || variant.form() == Variant.Form.DENSE) {
      return add(convolve(active, weight, null, 1, 1), x);
    }
    int groups = ((CondenseNetV2Architecture) architecture()).groupTrans();
    Tensor regrouped = torch.channel_shuffle(active, layer.growth() / groups);
    Tensor made = convolve(regrouped, weight, null, 1, groups);
    if (variant.form() == Variant.Form.INDEX_ADD) {
      return torch.index_add(x, 1, tensor(name + ".index"), made);
    }
    // Pixels become rows of a matrix, which costs copies unless their channels lie together.
    Tensor rows = made.flatten(2, 3).transpose(1, 2).contiguous();
    Tensor spread = torch.matmul(rows, tensor(name + ".matrix")).transpose(1, 2);
    if (!variant.isChannelsLast()) {
      spread = spread.contiguous();
    }
    return add(spread.view(x.size(0), x.size(1), x.size(2), x.size(3)), x);
  }

  /** Adds {@code x} to {@code sum} in its place and returns {@code sum}. */
  private static Tensor add(Tensor sum, Tensor x) {
    sum.add_(x);
    return sum;
  }

  /** Tells whether a dense convolution takes all channels once: then they are so in order. */
  private boolean takesAll(Tensor index, DenseLayerDescription layer) {
    return variant.form() == Variant.Form.DENSE && index.size(0) == layer.inChannels();
  }
}
