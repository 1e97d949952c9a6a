package io.github.condensenet4j.core.condensation;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.IncompleteCondensationException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rewrites trained weights into those of the condensed network (official {@code convert_model}).
 *
 * <p>Only connections that the masks have dropped are left out, so logits stay the same to
 * rounding; except that the halved classifier of CondenseNet also loses the features that weigh
 * least.
 */
public final class Condenser {

  private final ModelDescription model;
  private final StateDict weights;
  private final Map<String, Tensor> rewritten = new LinkedHashMap<>();

  private Condenser(ModelDescription model, StateDict weights) {
    this.model = model;
    this.weights = weights;
  }

  /**
   * Returns the tensors of {@code model} in its condensed form.
   *
   * @param model the trainable network
   * @param weights its tensors
   * @param form {@link Form#CONDENSED} or {@link Form#CONDENSED_WHOLE_CLASSIFIER}
   * @throws IncompleteCondensationException if layers still have connections to drop; see {@link
   *     #complete}
   * @throws CondenseNetException if tensors are missing, have other shapes or damaged masks
   */
  public static StateDict condense(ModelDescription model, StateDict weights, Form form) {
    if (model.form().isCondensed()) {
      throw new CondenseNetException(
          model.qualifiedName() + " is condensed already; give the trained network");
    }
    StateDictLayout.check(model, weights);
    checkComplete(model, weights);
    Condenser condenser = new Condenser(model, weights);
    return condenser.condense(model.as(form));
  }

  /**
   * Returns {@code weights} with all connections dropped that a complete condensation drops. What
   * goes are the weakest connections of the moment: without further training this costs accuracy.
   *
   * @param model the trainable network
   * @param weights its tensors
   */
  public static StateDict complete(ModelDescription model, StateDict weights) {
    StateDictLayout.check(model, weights);
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.asMap());
    for (LearnedLayer layer : LearnedLayer.of(model.architecture())) {
      float[] mask = weights.get(layer.name() + "._mask").toFloats();
      CondensationState state =
          layer
              .groups()
              .complete(
                  weights.get(layer.name() + ".conv.weight").toFloats(),
                  mask,
                  new CondensationState(
                      scalar(weights, layer.name() + "._stage"),
                      scalar(weights, layer.name() + "._count")));
      tensors.put(
          layer.name() + "._mask",
          Tensor.ofFloats(mask, weights.get(layer.name() + "._mask").shape()));
      tensors.put(layer.name() + "._stage", Tensor.ofFloats(new float[] {state.stage()}, 1));
      tensors.put(layer.name() + "._count", Tensor.ofFloats(new float[] {state.count()}, 1));
    }
    return StateDict.of(tensors);
  }

  /** Refuses weights whose layers still have connections to drop. */
  private static void checkComplete(ModelDescription model, StateDict weights) {
    List<LearnedLayer> layers = LearnedLayer.of(model.architecture());
    List<String> incomplete = new ArrayList<>();
    for (LearnedLayer layer : layers) {
      float[] mask = weights.get(layer.name() + "._mask").toFloats();
      double kept = layer.groups().keptFraction(mask);
      if (kept > 1.0 / layer.groups().factor()) {
        incomplete.add(
            "%s keeps %.4g of its connections, %.4g expected"
                .formatted(layer.name(), kept, 1.0 / layer.groups().factor()));
      }
    }
    if (!incomplete.isEmpty()) {
      throw new IncompleteCondensationException(
          ("%s is not fully condensed in %d of %d layers (%s); train it past the middle of its"
                  + " schedule, or have the weakest connections dropped now (--complete)")
              .formatted(model.name(), incomplete.size(), layers.size(), incomplete.get(0)));
    }
  }

  private StateDict condense(ModelDescription condensed) {
    for (LearnedLayer layer : LearnedLayer.of(model.architecture())) {
      condenseLayer(layer);
    }
    if (condensed.hasHalvedClassifier()) {
      halveClassifier(condensed.classifierInputs());
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorDescription tensor : StateDictLayout.of(condensed)) {
      String name = tensor.name();
      tensors.put(name, rewritten.containsKey(name) ? rewritten.get(name) : weights.get(name));
    }
    return StateDict.of(tensors);
  }

  private void condenseLayer(LearnedLayer layer) {
    String name = layer.name();
    ConnectionGroups groups = layer.groups();
    CondensedConnections kept;
    try {
      kept =
          CondensedConnections.of(
              groups,
              weights.get(name + ".conv.weight").toFloats(),
              weights.get(name + "._mask").toFloats());
    } catch (IncompleteCondensationException e) {
      throw new IncompleteCondensationException(name + ": " + e.getMessage());
    } catch (CondenseNetException e) {
      throw new CondenseNetException(name + ": " + e.getMessage(), e);
    }
    rewritten.put(name + ".index", indexTensor(kept.index()));
    if (groups.kind() == ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION) {
      for (String statistic : List.of("weight", "bias", "running_mean", "running_var")) {
        gather(name + ".norm." + statistic, kept.index());
      }
    }
    // The official converter makes new normalisations, which have seen no batch.
    rewritten.put(name + ".norm.num_batches_tracked", Tensor.ofLongs(new long[] {0}));
    int filters =
        groups.kind() == ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION
            ? groups.outChannels()
            : kept.index().length;
    rewritten.put(
        name + ".conv.weight",
        Tensor.ofFloats(kept.weight(), filters, kept.weight().length / filters, 1, 1));
  }

  private void gather(String name, int[] index) {
    float[] values = weights.get(name).toFloats();
    float[] gathered = new float[index.length];
    for (int i = 0; i < index.length; i++) {
      gathered[i] = values[index[i]];
    }
    rewritten.put(name, Tensor.ofFloats(gathered, index.length));
  }

  /**
   * Keeps the features with the largest sums of absolute weights, ascending by that sum (official
   * {@code CondensingLinear}).
   */
  private void halveClassifier(int kept) {
    Tensor weight = weights.get("classifier.weight");
    int classes = weight.size(0);
    int features = weight.size(1);
    float[] values = weight.toFloats();
    double[] importance = new double[features];
    for (int i = 0; i < values.length; i++) {
      importance[i % features] += Math.abs(values[i]);
    }
    int[] index =
        IntStream.range(0, features)
            .boxed()
            .sorted(Comparator.comparingDouble(feature -> importance[feature]))
            .skip(features - kept)
            .mapToInt(Integer::intValue)
            .toArray();
    float[] halved = new float[classes * kept];
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < kept; i++) {
        halved[c * kept + i] = values[c * features + index[i]];
      }
    }
    rewritten.put("classifier.index", indexTensor(index));
    rewritten.put("classifier.linear.weight", Tensor.ofFloats(halved, classes, kept));
    rewritten.put("classifier.linear.bias", weights.get("classifier.bias"));
  }

  private static int scalar(StateDict weights, String name) {
    return (int) weights.get(name).toLongs()[0];
  }

  private static Tensor indexTensor(int[] index) {
    return Tensor.ofLongs(IntStream.of(index).asLongStream().toArray(), index.length);
  }
}
