package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer's inference function being written down as SameDiff operations.
 *
 * @param sameDiff the graph of operations
 * @param parameters the layer's parameters, by name
 */
public record Definition(SameDiff sameDiff, Map<String, SDVariable> parameters) {

  /** Copies {@code parameters}. */
  public Definition {
    parameters = Map.copyOf(parameters);
  }

  /** Returns the parameter {@code name}. */
  public SDVariable parameter(String name) {
    SDVariable found = parameters.get(name);
    if (found == null) {
      throw new ArchitectureException("parameter " + name, "declared", "missing");
    }
    return found;
  }

  /** Returns {@code function} of {@code x}, number by number. */
  public SDVariable apply(Nonlinearity function, SDVariable x) {
    return switch (function) {
      case IDENTITY -> x;
      case RELU -> sameDiff.nn.relu(x, 0);
      case HARD_SWISH -> x.mul(sameDiff.nn.relu6(x.add(3), 0)).div(6);
      case SIGMOID -> sameDiff.nn.sigmoid(x);
    };
  }

  /** Returns channels {@code indices} of {@code x} {@code [N, C, …]}. */
  public SDVariable channels(SDVariable x, int... indices) {
    return sameDiff.gather(x, sameDiff.constant(Nd4j.createFromArray(indices)), 1);
  }
}
