package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Dropout;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Moments;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation of each channel, {@code z = (x − mean) / √(variance + 1e-5) · weight + bias}
 * (PyTorch's {@code BatchNorm2d}).
 *
 * <p>In training mean and variance are those of the batch, the variance biased. The running
 * statistics, which inference uses, move towards them by a tenth, there with the unbiased variance;
 * they do so once a backward pass, so that a step split into parts counts each part.
 *
 * <p>Parameters {@code weight, bias, runningmean, runningvar [channels]} and {@code
 * numbatchestracked [1]}; initially 1, 0, 0, 1 and 0.
 */
final class Normalization {

  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  private final String prefix;
  private final int channels;

  private double[] mean;
  private double[] variance;
  private double[] inverseDeviation;
  private double[] weight;
  private boolean ofBatch;

  /** Creates a normalisation whose parameters' names begin with {@code prefix}. */
  Normalization(String prefix, int channels) {
    this.prefix = prefix;
    this.channels = channels;
  }

  List<Parameter> parameters() {
    return List.of(
        Parameter.vector(prefix + "weight", channels),
        Parameter.vector(prefix + "bias", channels),
        Parameter.state(prefix + "runningmean", channels),
        Parameter.state(prefix + "runningvar", channels),
        Parameter.state(prefix + "numbatchestracked", 1));
  }

  void initialize(Map<String, INDArray> parameters) {
    parameters.get(prefix + "weight").assign(1);
    parameters.get(prefix + "bias").assign(0);
    parameters.get(prefix + "runningmean").assign(0);
    parameters.get(prefix + "runningvar").assign(1);
    parameters.get(prefix + "numbatchestracked").assign(0);
  }

  SDVariable define(Definition definition, SDVariable x) {
    return definition
        .sameDiff()
        .nn
        .batchNorm(
            x,
            definition.parameter(prefix + "runningmean"),
            definition.parameter(prefix + "runningvar"),
            definition.parameter(prefix + "weight"),
            definition.parameter(prefix + "bias"),
            EPSILON,
            1);
  }

  /** Returns the transform that normalises {@code x}, applies {@code function} and drops. */
  Transform forward(Pass pass, Matrix x, Nonlinearity function, double dropRate) {
    ofBatch = pass.training();
    if (ofBatch) {
      Moments moments = pass.arithmetic().moments(x);
      mean = moments.mean();
      variance = moments.variance();
    } else {
      mean = pass.vector(prefix + "runningmean");
      variance = pass.vector(prefix + "runningvar");
    }
    weight = pass.vector(prefix + "weight");
    inverseDeviation = new double[channels];
    double[] scale = new double[channels];
    for (int c = 0; c < channels; c++) {
      inverseDeviation[c] = 1 / Math.sqrt(variance[c] + EPSILON);
      scale[c] = weight[c] * inverseDeviation[c];
    }
    Dropout dropout = null;
    if (ofBatch && dropRate > 0) {
      long step = pass.array(prefix + "numbatchestracked").getLong(0);
      dropout = new Dropout(dropRate, Dropout.seed(pass.seed(), prefix, step));
    }
    return new Transform(mean, scale, pass.vector(prefix + "bias"), function, dropout);
  }

  /**
   * Completes {@code dx}, the gradient of {@code x}, to which the gradient {@code dz} of the
   * normalised {@code x} times the transform's scale has been added, and moves the running
   * statistics.
   *
   * @param sums {@code Σ dz[r]} and {@code Σ dz[r] · (x[r] − mean[r])}
   */
  void backward(Pass pass, double[][] sums, Matrix x, Matrix dx) {
    int count = x.columns();
    double[] b = new double[channels];
    double[] c = new double[channels];
    double[] weightGradient = new double[channels];
    for (int r = 0; r < channels; r++) {
      weightGradient[r] = sums[1][r] * inverseDeviation[r];
      double scale = weight[r] * inverseDeviation[r];
      b[r] = -scale * inverseDeviation[r] * weightGradient[r] / count;
      c[r] = -scale * sums[0][r] / count;
    }
    pass.gradient(prefix + "weight", weightGradient);
    pass.gradient(prefix + "bias", sums[0]);
    if (ofBatch) {
      pass.arithmetic().addCentred(x, mean, b, c, dx);
      moveRunningStatistics(pass, count);
    }
  }

  private void moveRunningStatistics(Pass pass, int count) {
    double[] runningMean = pass.vector(prefix + "runningmean");
    double[] runningVariance = pass.vector(prefix + "runningvar");
    // A single number has no spread to estimate; the reference divides by zero there.
    double unbiased = count > 1 ? count / (count - 1.0) : 1;
    for (int c = 0; c < channels; c++) {
      runningMean[c] += MOMENTUM * (mean[c] - runningMean[c]);
      runningVariance[c] += MOMENTUM * (variance[c] * unbiased - runningVariance[c]);
    }
    pass.write(prefix + "runningmean", runningMean);
    pass.write(prefix + "runningvar", runningVariance);
    double[] tracked = pass.vector(prefix + "numbatchestracked");
    tracked[0]++;
    pass.write(prefix + "numbatchestracked", tracked);
  }

  /** Forgets what the last forward pass saved. */
  void clear() {
    mean = null;
    variance = null;
  }
}
