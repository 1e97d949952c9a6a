package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Chosen channels, {@code y[i] = x[index[i]]}; a channel may be chosen several times, or never.
 *
 * <p>Parameter {@code index [out]}: channels, 0 to {@code inChannels − 1}, initially 0, 1, 2, ….
 */
public final class Selection extends Unit {

  private final String name;
  private final int inChannels;
  private final int outChannels;

  private int[] index;

  /** Creates the selection of {@code outChannels} of {@code inChannels}. */
  public Selection(String prefix, int inChannels, int outChannels) {
    name = prefix + "index";
    this.inChannels = inChannels;
    this.outChannels = outChannels;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(Parameter.state(name, outChannels));
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    double[] first = new double[outChannels];
    Arrays.setAll(first, i -> i % inChannels);
    Arithmetic.assign(first, parameters.get(name));
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    SDVariable whole = definition.parameter(name).castTo(DataType.INT32);
    return definition.sameDiff().gather(input, whole, 1);
  }

  @Override
  public int inChannels() {
    return inChannels;
  }

  @Override
  public int outChannels() {
    return outChannels;
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent extent) {
    index = read(pass, name, inChannels);
    return pass.arithmetic().select(input, extent, index);
  }

  /**
   * Returns the indices that the parameter {@code name} holds.
   *
   * @throws ArchitectureException if one of them is not of a channel
   */
  static int[] read(Pass pass, String name, int channels) {
    int[] indices = pass.indices(name);
    for (int i : indices) {
      if (i < 0 || i >= channels) {
        throw new ArchitectureException(name, "0 to " + (channels - 1), i);
      }
    }
    return indices;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    if (!accumulate) {
      pass.arithmetic().clear(dx);
    }
    pass.arithmetic().addSelected(dy, index, 1, dx);
  }
}
