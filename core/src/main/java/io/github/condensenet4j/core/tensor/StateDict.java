package io.github.condensenet4j.core.tensor;

import io.github.condensenet4j.core.CondenseNetException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a model by name, in order: weights, statistics, masks and counters.
 *
 * <p>Names are those of the official PyTorch code ({@code
 * features.denseblock_1.denselayer_1.conv_1.norm.weight}), in memory and in files, so that every
 * back end and every format speaks of the same tensor by the same word. Immutable.
 */
public final class StateDict {

  private final Map<String, Tensor> tensors;

  private StateDict(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Returns the tensors of {@code tensors}, in its order. */
  public static StateDict of(Map<String, Tensor> tensors) {
    return new StateDict(new LinkedHashMap<>(tensors));
  }

  /**
   * Returns the tensor called {@code name}.
   *
   * @throws CondenseNetException if there is none
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CondenseNetException(
          "no tensor is called " + name + "; there are " + tensors.size());
    }
    return tensor;
  }

  /** Tells whether a tensor is called {@code name}. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** Returns all names, in order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** Returns the tensors by name, in order; not modifiable. */
  public Map<String, Tensor> asMap() {
    return tensors;
  }

  /** Returns the number of tensors. */
  public int size() {
    return tensors.size();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateDict that && tensors.equals(that.tensors);
  }

  @Override
  public int hashCode() {
    return tensors.hashCode();
  }

  @Override
  public String toString() {
    return "StateDict of " + tensors.size() + " tensors";
  }
}
