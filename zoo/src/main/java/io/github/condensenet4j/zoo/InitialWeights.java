package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The tensors of a network before training, as the official code draws them; the numbers follow
 * from the seed alone, on every machine.
 *
 * <ul>
 *   <li>Convolutions are normal with variance {@code 2 / (out · k²)}; groups do not count.
 *   <li>Normalisations have weight 1 and bias 0, also those of reactivations.
 *   <li>Linear layers are uniform within {@code ±1/√in}, as are their biases in CondenseNetV2; in
 *       CondenseNet those are 0.
 * </ul>
 */
public final class InitialWeights {

  private static final String CLASSIFIER = "classifier.";

  private final ModelDescription model;
  private final Random random;

  private InitialWeights(ModelDescription model, long seed) {
    this.model = model;
    this.random = new Random(seed);
  }

  /** Returns initial tensors of {@code model}. */
  public static StateDict of(ModelDescription model, long seed) {
    InitialWeights initial = new InitialWeights(model, seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int inputs = 0;
    for (TensorDescription tensor : StateDictLayout.of(model)) {
      // A bias follows its weight, and is drawn from the same range.
      inputs = tensor.shape().size() == 2 ? tensor.shape().get(1) : inputs;
      tensors.put(tensor.name(), initial.draw(tensor, inputs));
    }
    return StateDict.of(tensors);
  }

  /**
   * Returns tensors of {@code model} to learn other classes with: a new classifier on the features
   * of a network that is trained.
   *
   * @param trained tensors of a network that differs from {@code model} in its classifier only
   * @throws io.github.condensenet4j.core.CondenseNetException if it differs in anything else
   */
  public static StateDict withFeatures(ModelDescription model, StateDict trained, long seed) {
    StateDict initial = of(model, seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : initial.names()) {
      if (name.startsWith(CLASSIFIER)) {
        tensors.put(name, initial.get(name));
      }
    }
    for (String name : trained.names()) {
      if (!name.startsWith(CLASSIFIER)) {
        tensors.put(name, trained.get(name));
      }
    }
    StateDict together = StateDict.of(tensors);
    StateDictLayout.check(model, together);
    return together;
  }

  private Tensor draw(TensorDescription tensor, int inputs) {
    if (tensor.type() == ElementType.INT64) {
      return index(tensor);
    }
    float[] values = new float[Math.toIntExact(tensor.size())];
    String name = tensor.name();
    if (isLinear(tensor)) {
      if (!name.endsWith("bias") || model.architecture() instanceof CondenseNetV2Architecture) {
        fillUniform(values, 1 / Math.sqrt(inputs));
      }
    } else if (name.endsWith("_mask")) {
      Arrays.fill(values, 1);
    } else if (tensor.shape().size() == 4) {
      int kernel = tensor.shape().get(2) * tensor.shape().get(3);
      fillNormal(values, Math.sqrt(2.0 / (tensor.shape().get(0) * kernel)));
    } else if (name.endsWith(".weight") || name.endsWith(".running_var")) {
      Arrays.fill(values, 1);
    }
    return Tensor.ofFloats(values, tensor.shapeArray());
  }

  /** Counts upwards, so that an index that was never learned is a valid one. */
  private Tensor index(TensorDescription tensor) {
    long[] values = new long[Math.toIntExact(tensor.size())];
    if (tensor.name().endsWith("index")) {
      int channels = candidates(tensor);
      Arrays.setAll(values, i -> i % channels);
    }
    return Tensor.ofLongs(values, tensor.shapeArray());
  }

  private int candidates(TensorDescription index) {
    String name = index.name();
    if (name.equals("classifier.index")) {
      return model.architecture().classifierInputs();
    }
    return model.architecture().blocks().stream()
        .flatMap(
            block ->
                block.layers().stream()
                    .filter(
                        layer ->
                            name.startsWith("features." + block.name() + "." + layer.name() + ".")))
        .findFirst()
        .orElseThrow()
        .inChannels();
  }

  private static boolean isLinear(TensorDescription tensor) {
    String name = tensor.name();
    return tensor.shape().size() == 2
        || name.equals("fc.bias")
        || name.equals("classifier.bias")
        || name.equals("classifier.linear.bias");
  }

  private void fillNormal(float[] values, double deviation) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
  }

  private void fillUniform(float[] values, double bound) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
