package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Arrays;

/**
 * A condensed network layer by layer in double precision, as the official modules are written: no
 * folding, no fusing, gathered, concatenated and shuffled as they say.
 */
final class PlainForward {

  private final ModelDescription model;
  private final StateDict weights;

  PlainForward(ModelDescription model, StateDict weights) {
    this.model = model;
    this.weights = weights;
  }

  /** Channels of pixels. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Planes(int height, int width, double[][] channels) {}

  double[] logits(float[] image, int height, int width) {
    Architecture network = model.architecture();
    double[][] input = new double[3][height * width];
    for (int i = 0; i < 3 * height * width; i++) {
      input[i / (height * width)][i % (height * width)] = image[i];
    }
    Planes x =
        convolve(
            new Planes(height, width, input),
            "features.init_conv.weight",
            network.initChannels(),
            1,
            3,
            network.initStride());
    for (DenseBlockDescription block : network.blocks()) {
      if (!block.name().equals("denseblock_1")) {
        x = halve(x);
      }
      for (DenseLayerDescription layer : block.layers()) {
        x = layer(x, "features." + block.name() + "." + layer.name(), block, layer);
      }
    }
    Planes last = activate(normalize(x, "features.norm_last"), Activation.RELU);
    double[] features = Arrays.stream(last.channels()).mapToDouble(PlainForward::mean).toArray();
    String classifier = "classifier";
    if (network instanceof CondenseNetV2Architecture v2) {
      double[] gates = gates(features, "features.se_last");
      for (int c = 0; c < features.length; c++) {
        features[c] *= gates[c];
      }
      if (v2.hasHiddenLayer()) {
        features = linear(features, "fc");
        for (int c = 0; c < features.length; c++) {
          features[c] = activate(features[c], Activation.HARD_SWISH);
        }
      }
    } else if (model.hasHalvedClassifier()) {
      double[] all = features;
      features =
          Arrays.stream(weights.get("classifier.index").toLongs())
              .mapToDouble(channel -> all[(int) channel])
              .toArray();
      classifier = "classifier.linear";
    }
    return linear(features, classifier);
  }

  private Planes layer(
      Planes x, String name, DenseBlockDescription block, DenseLayerDescription layer) {
    Architecture network = model.architecture();
    long[] index = weights.get(name + ".conv_1.index").toLongs();
    double[][] gathered = new double[index.length][];
    for (int i = 0; i < index.length; i++) {
      gathered[i] = x.channels()[(int) index[i]];
    }
    Planes middle =
        activate(
            normalize(new Planes(x.height(), x.width(), gathered), name + ".conv_1.norm"),
            block.activation());
    middle =
        convolve(
            middle,
            name + ".conv_1.conv.weight",
            layer.bottleneckChannels(),
            network.group1x1(),
            1,
            1);
    middle = shuffle(middle, network.group1x1());
    Planes grown = activate(normalize(middle, name + ".conv_2.norm"), block.activation());
    grown = convolve(grown, name + ".conv_2.conv.weight", layer.growth(), network.group3x3(), 3, 1);
    double[][] features = Arrays.copyOf(x.channels(), x.channels().length + layer.growth());
    if (network instanceof CondenseNetV2Architecture v2) {
      if (block.squeeze()) {
        double[] means = Arrays.stream(grown.channels()).mapToDouble(PlainForward::mean).toArray();
        double[] gates = gates(means, name + ".se");
        for (int c = 0; c < means.length; c++) {
          double gate = gates[c];
          grown.channels()[c] =
              Arrays.stream(grown.channels()[c]).map(value -> value * gate).toArray();
        }
      }
      reactivate(features, grown, name + ".sfr", v2.groupTrans(), block.activation());
    }
    System.arraycopy(grown.channels(), 0, features, x.channels().length, layer.growth());
    return new Planes(x.height(), x.width(), features);
  }

  private void reactivate(
      double[][] features, Planes grown, String name, int groups, Activation activation) {
    Planes active = activate(normalize(grown, name + ".norm"), activation);
    // The shuffle the other way round: channels g, g + G, … become group g.
    Planes regrouped = shuffle(active, active.channels().length / groups);
    long[] targets = weights.get(name + ".index").toLongs();
    Planes added = convolve(regrouped, name + ".conv.weight", targets.length, groups, 1, 1);
    for (int f = 0; f < targets.length; f++) {
      int target = (int) targets[f];
      features[target] = features[target].clone();
      for (int p = 0; p < features[target].length; p++) {
        features[target][p] += added.channels()[f][p];
      }
    }
  }

  private static Planes shuffle(Planes x, int groups) {
    int members = x.channels().length / groups;
    double[][] shuffled = new double[x.channels().length][];
    for (int c = 0; c < shuffled.length; c++) {
      shuffled[c] = x.channels()[c % groups * members + c / groups];
    }
    return new Planes(x.height(), x.width(), shuffled);
  }

  private Planes convolve(Planes x, String name, int out, int groups, int kernel, int stride) {
    double[] w = weights.get(name).toDoubles();
    int depth = x.channels().length / groups;
    int height = (x.height() - 1) / stride + 1;
    int width = (x.width() - 1) / stride + 1;
    double[][] y = new double[out][height * width];
    for (int o = 0; o < out; o++) {
      int group = o / (out / groups);
      for (int k = 0; k < depth; k++) {
        double[] in = x.channels()[group * depth + k];
        for (int tap = 0; tap < kernel * kernel; tap++) {
          double weight = w[(o * depth + k) * kernel * kernel + tap];
          for (int row = 0; row < height; row++) {
            int inRow = row * stride + tap / kernel - kernel / 2;
            if (inRow < 0 || inRow >= x.height()) {
              continue;
            }
            for (int column = 0; column < width; column++) {
              int inColumn = column * stride + tap % kernel - kernel / 2;
              if (inColumn >= 0 && inColumn < x.width()) {
                y[o][row * width + column] += weight * in[inRow * x.width() + inColumn];
              }
            }
          }
        }
      }
    }
    return new Planes(height, width, y);
  }

  private Planes normalize(Planes x, String name) {
    double[] weight = weights.get(name + ".weight").toDoubles();
    double[] bias = weights.get(name + ".bias").toDoubles();
    double[] mean = weights.get(name + ".running_mean").toDoubles();
    double[] variance = weights.get(name + ".running_var").toDoubles();
    double[][] y = new double[x.channels().length][];
    for (int c = 0; c < y.length; c++) {
      int channel = c;
      y[c] =
          Arrays.stream(x.channels()[c])
              .map(
                  value ->
                      (value - mean[channel])
                              / Math.sqrt(variance[channel] + 1e-5)
                              * weight[channel]
                          + bias[channel])
              .toArray();
    }
    return new Planes(x.height(), x.width(), y);
  }

  private static Planes activate(Planes x, Activation activation) {
    double[][] y = new double[x.channels().length][];
    for (int c = 0; c < y.length; c++) {
      y[c] = Arrays.stream(x.channels()[c]).map(value -> activate(value, activation)).toArray();
    }
    return new Planes(x.height(), x.width(), y);
  }

  private static double activate(double value, Activation activation) {
    return activation == Activation.RELU
        ? Math.max(value, 0)
        : value * Math.min(Math.max(value + 3, 0), 6) / 6;
  }

  private static Planes halve(Planes x) {
    int height = x.height() / 2;
    int width = x.width() / 2;
    double[][] y = new double[x.channels().length][height * width];
    for (int c = 0; c < y.length; c++) {
      for (int p = 0; p < y[c].length; p++) {
        int at = p / width * 2 * x.width() + p % width * 2;
        double[] in = x.channels()[c];
        y[c][p] = (in[at] + in[at + 1] + in[at + x.width()] + in[at + x.width() + 1]) / 4;
      }
    }
    return new Planes(height, width, y);
  }

  private double[] gates(double[] means, String name) {
    double[] squeezed =
        Arrays.stream(product(means, name + ".fc.0")).map(v -> Math.max(v, 0)).toArray();
    return Arrays.stream(product(squeezed, name + ".fc.2"))
        .map(value -> 1 / (1 + Math.exp(-value)))
        .toArray();
  }

  private double[] linear(double[] x, String name) {
    double[] y = product(x, name);
    double[] bias = weights.get(name + ".bias").toDoubles();
    for (int o = 0; o < y.length; o++) {
      y[o] += bias[o];
    }
    return y;
  }

  private double[] product(double[] x, String name) {
    double[] w = weights.get(name + ".weight").toDoubles();
    double[] y = new double[w.length / x.length];
    for (int i = 0; i < w.length; i++) {
      y[i / x.length] += w[i] * x[i % x.length];
    }
    return y;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
