package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Networks as if just initialised, their connections dropped and condensed as training would have.
 * Speed does not depend on what the numbers mean, so these are for measuring it.
 */
public final class RandomModel {

  private static final long SEED = 1;

  private RandomModel() {}

  /** Returns tensors of the trainable form of {@code model}, always the same; none is masked. */
  public static StateDict trainable(ModelDescription model) {
    Random random = new Random(SEED);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorDescription tensor : StateDictLayout.of(model.as(Form.TRAINABLE))) {
      tensors.put(tensor.name(), random(tensor, random));
    }
    return StateDict.of(tensors);
  }

  /** Returns the condensed form of {@code model}, always the same. */
  public static CondensedModel condensed(ModelDescription model) {
    ModelDescription trainable = model.as(Form.TRAINABLE);
    StateDict pruned = Condenser.complete(trainable, trainable(model));
    ModelDescription condensed = trainable.as(Form.CONDENSED);
    return new CondensedModel(
        condensed,
        Condenser.condense(trainable, pruned, Form.CONDENSED),
        ModelMetadata.of(condensed, Preprocessing.cifar10(condensed.architecture().imageSize())));
  }

  private static Tensor random(TensorDescription tensor, Random random) {
    int size = (int) tensor.size();
    if (tensor.type() == ElementType.INT64) {
      return Tensor.ofLongs(new long[size], tensor.shapeArray());
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) value(tensor, random);
    }
    return Tensor.ofFloats(values, tensor.shapeArray());
  }

  private static double value(TensorDescription tensor, Random random) {
    String name = tensor.name();
    if (name.endsWith("._stage") || name.endsWith("._count")) {
      return 0;
    }
    if (name.endsWith("._mask")) {
      return 1;
    }
    if (name.endsWith(".running_var")) {
      return 0.5 + random.nextDouble();
    }
    double normal = random.nextGaussian();
    if (tensor.shape().size() > 1) {
      // Keeps activations near 1 through all layers: numbers that vanish would be slow ones.
      return normal * Math.sqrt(2.0 * tensor.shape().get(0) / tensor.size());
    }
    return name.endsWith(".weight") ? 1 + 0.2 * normal : 0.3 * normal;
  }
}
