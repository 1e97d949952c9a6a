package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A network before conversion. Learned weights are multiplied by their masks at every pass, as the
 * official code does from the first epoch to the last: however many connections are dropped, the
 * product is the dense one.
 */
final class TrainableNetwork extends Network {

  TrainableNetwork(ModelDescription model, Map<String, Tensor> tensors) {
    super(model, tensors, true);
  }

  @Override
  Tensor bottleneck(
      String name, Tensor x, DenseBlockDescription block, DenseLayerDescription layer) {
    Tensor narrow =
        learned(name + ".conv_1", normalize(x, name + ".conv_1.norm", block.activation()));
    return normalize(narrow, name + ".conv_2.norm", block.activation());
  }

  @Override
  Tensor reactivate(
      String name,
      Tensor x,
      Tensor grown,
      DenseBlockDescription block,
      DenseLayerDescription layer) {
    return x.add(learned(name, normalize(grown, name + ".norm", block.activation())));
  }

  private Tensor learned(String name, Tensor x) {
    Tensor weight = tensor(name + ".conv.weight").mul(tensor(name + "._mask"));
    return convolve(x, weight, null, 1, 1);
  }
}
