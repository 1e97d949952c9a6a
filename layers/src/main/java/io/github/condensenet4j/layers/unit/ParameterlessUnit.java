package io.github.condensenet4j.layers.unit;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A unit with nothing to learn and nothing to keep, that as many channels leave as enter it. */
abstract class ParameterlessUnit extends SameWidthUnit {

  ParameterlessUnit(int channels) {
    super(channels);
  }

  @Override
  public final List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public final void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {}
}
