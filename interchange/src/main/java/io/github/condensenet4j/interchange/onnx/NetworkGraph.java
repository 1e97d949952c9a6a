package io.github.condensenet4j.interchange.onnx;

import static io.github.condensenet4j.interchange.onnx.GraphBuilder.number;
import static io.github.condensenet4j.interchange.onnx.GraphBuilder.numbers;

import ai.onnx.proto.OnnxMl.GraphProto;
import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.folding.ChannelScaling;
import io.github.condensenet4j.core.folding.FoldedWeights;
import io.github.condensenet4j.core.folding.LearnedConvolution;
import io.github.condensenet4j.core.folding.SparseReactivation;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ONNX graph of a network: {@code images} of {@code [batch, 3, height, width]} in, {@code
 * logits} or {@code probabilities} of {@code [batch, classes]} out.
 *
 * <p>The reactivation's index add has no fast operator in ONNX (scattering wants an index for every
 * pixel), so in every form its group convolution, shuffle and index add are one dense 1×1
 * convolution with zeros.
 */
final class NetworkGraph {

  static final String INPUT = "images";
  static final String LOGITS = "logits";
  static final String PROBABILITIES = "probabilities";

  private final ModelDescription model;
  private final FoldedWeights weights;
  private final boolean isDense;
  private final GraphBuilder graph;

  private NetworkGraph(ModelDescription model, StateDict weights, boolean isDense) {
    this.model = model;
    this.weights = new FoldedWeights(weights);
    this.isDense = isDense;
    this.graph = new GraphBuilder(model.qualifiedName());
  }

  /**
   * Builds the graph.
   *
   * @param isDense whether the learned convolutions of a condensed network are made dense or left
   *     grouped; those of another are dense
   * @param softmax whether the output is probabilities or logits
   */
  static GraphProto of(
      ModelDescription model, StateDict weights, boolean isDense, boolean softmax) {
    return new NetworkGraph(model, weights, isDense).build(softmax);
  }

  private GraphProto build(boolean softmax) {
    Architecture network = model.architecture();
    String x = graph.input(INPUT, "batch", 3, "height", "width");
    x = convolution("features.init_conv", x, network.initChannels(), 3, 3, network.initStride(), 1);
    for (DenseBlockDescription block : network.blocks()) {
      if (!block.equals(network.blocks().get(0))) {
        x =
            graph.node(
                "features." + block.name() + ".halved",
                "AveragePool",
                List.of(x),
                numbers("kernel_shape", 2, 2),
                numbers("strides", 2, 2));
      }
      for (DenseLayerDescription layer : block.layers()) {
        x = layer(x, block, layer);
      }
    }
    String logits = head(x);
    String output =
        softmax ? graph.node(PROBABILITIES, "Softmax", List.of(logits), number("axis", 1)) : logits;
    graph.output(output, "batch", network.numClasses());
    return graph.build();
  }

  private String layer(String x, DenseBlockDescription block, DenseLayerDescription layer) {
    Architecture network = model.architecture();
    String name = "features." + block.name() + "." + layer.name();
    String middle = learned(name, x, block.activation(), layer);
    String grown =
        convolution(
            name + ".conv_2.conv",
            middle,
            layer.growth(),
            layer.bottleneckChannels() / network.group3x3(),
            3,
            1,
            network.group3x3());
    if (block.squeeze()) {
      String mean = graph.node(name + ".se.mean", "GlobalAveragePool", List.of(grown));
      String gates = gates(name + ".se", mean, layer.growth(), layer.growth());
      grown = graph.node(name + ".se", "Mul", List.of(grown, gates));
    }
    if (network instanceof CondenseNetV2Architecture v2) {
      x = reactivated(name + ".sfr", x, grown, block.activation(), v2.groupTrans(), layer);
    }
    return graph.node(name, "Concat", List.of(x, grown), number("axis", 1));
  }

  private String learned(
      String name, String x, Activation activation, DenseLayerDescription layer) {
    LearnedConvolution learned =
        model.form().isCondensed()
            ? LearnedConvolution.grouped(
                weights, name, layer.inChannels(), model.architecture().group1x1())
            : LearnedConvolution.masked(weights, name);
    if (isDense && model.form().isCondensed()) {
      learned = learned.dense(layer.inChannels());
    }
    int out = learned.bias().length;
    x = picked(name + ".conv_1.inputs", x, learned.inputs(), layer.inChannels());
    x = normalized(name + ".conv_1.norm", x, learned.normalization());
    x = activated(name + ".conv_1.activation", x, activation);
    x =
        graph.node(
            name + ".conv_1.conv",
            "Conv",
            List.of(
                x,
                graph.floats(
                    name + ".conv_1.conv.weight",
                    learned.weights(),
                    out,
                    learned.weights().length / out,
                    1,
                    1),
                graph.floats(name + ".conv_1.conv.bias", learned.bias(), out)),
            number("group", learned.groups()));
    x = activated(name + ".conv_2.activation", x, activation);
    return picked(name + ".conv_1.shuffled", x, learned.order(), out);
  }

  /** Adds to {@code x} what the reactivation makes of {@code grown}. */
  private String reactivated(
      String name,
      String x,
      String grown,
      Activation activation,
      int groups,
      DenseLayerDescription layer) {
    int channels = layer.inChannels();
    String active = normalized(name + ".norm", grown, weights.normalization(name + ".norm"));
    active = activated(name + ".activation", active, activation);
    String added =
        graph.node(
            name + ".conv",
            "Conv",
            List.of(
                active,
                graph.floats(
                    name + ".conv.weight",
                    model.form().isCondensed()
                        ? SparseReactivation.of(weights, name, channels, groups).dense(channels)
                        : weights.masked(name),
                    channels,
                    layer.growth(),
                    1,
                    1)));
    return graph.node(name, "Add", List.of(added, x));
  }

  private String head(String features) {
    Architecture network = model.architecture();
    int channels = network.featureChannels();
    String x =
        normalized("features.norm_last", features, weights.normalization("features.norm_last"));
    x = activated("features.relu_last", x, Activation.RELU);
    x = graph.node("features.pool_last", "GlobalAveragePool", List.of(x));
    if (network instanceof CondenseNetV2Architecture v2) {
      String gates = gates("features.se_last", x, channels, v2.lastSqueezeChannels());
      x = graph.node("features.se_last", "Mul", List.of(x, gates));
    }
    x = graph.node("features", "Flatten", List.of(x));
    if (network instanceof CondenseNetV2Architecture v2 && v2.hasHiddenLayer()) {
      x = linear("fc", x, v2.fcChannel(), weights.floats("fc.weight"), weights.floats("fc.bias"));
      x = activated("fc_activation", x, Activation.HARD_SWISH);
    }
    String classifier = model.hasHalvedClassifier() ? "classifier.linear" : "classifier";
    return linear(
        LOGITS,
        x,
        network.numClasses(),
        classifierWeights(classifier + ".weight"),
        weights.floats(classifier + ".bias"));
  }

  /** Returns the classifier's weights for all of its inputs, zeros for those that it dropped. */
  private float[] classifierWeights(String name) {
    float[] kept = weights.floats(name);
    if (!model.hasHalvedClassifier()) {
      return kept;
    }
    int inputs = model.architecture().classifierInputs();
    int[] index = weights.index("classifier.index", inputs);
    float[] whole = new float[kept.length / index.length * inputs];
    for (int i = 0; i < kept.length; i++) {
      whole[i / index.length * inputs + index[i % index.length]] += kept[i];
    }
    return whole;
  }

  private String convolution(
      String name, String x, int out, int depth, int kernel, int stride, int groups) {
    return graph.node(
        name,
        "Conv",
        List.of(
            x,
            graph.floats(
                name + ".weight", weights.floats(name + ".weight"), out, depth, kernel, kernel)),
        numbers("kernel_shape", kernel, kernel),
        numbers("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2),
        numbers("strides", stride, stride),
        number("group", groups));
  }

  /** Adds the two layers of squeeze-and-excitation and the sigmoid after them. */
  private String gates(String name, String mean, int channels, int squeezed) {
    String x =
        graph.node(
            name + ".fc.0",
            "Conv",
            List.of(
                mean,
                graph.floats(
                    name + ".fc.0.weight",
                    weights.floats(name + ".fc.0.weight"),
                    squeezed,
                    channels,
                    1,
                    1)));
    x = graph.node(name + ".fc.1", "Relu", List.of(x));
    x =
        graph.node(
            name + ".fc.2",
            "Conv",
            List.of(
                x,
                graph.floats(
                    name + ".fc.2.weight",
                    weights.floats(name + ".fc.2.weight"),
                    channels,
                    squeezed,
                    1,
                    1)));
    return graph.node(name + ".fc.3", "Sigmoid", List.of(x));
  }

  private String linear(String name, String x, int out, float[] weight, float[] bias) {
    return graph.node(
        name,
        "Gemm",
        List.of(
            x,
            graph.floats(name + ".weight", weight, out, weight.length / out),
            graph.floats(name + ".bias", bias, out)),
        number("transB", 1));
  }

  private String normalized(String name, String x, ChannelScaling scaling) {
    int channels = scaling.channels();
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return graph.node(
        name,
        "BatchNormalization",
        List.of(
            x,
            graph.floats(name + ".scale", scaling.scale(), channels),
            graph.floats(name + ".shift", scaling.shift(), channels),
            graph.floats(name + ".mean", new float[channels], channels),
            graph.floats(name + ".variance", ones, channels)),
        number("epsilon", 0f));
  }

  private String activated(String name, String x, Activation activation) {
    return graph.node(name, activation == Activation.RELU ? "Relu" : "HardSwish", List.of(x));
  }

  /** Picks channels, unless that leaves all in their order. */
  private String picked(String name, String x, int[] channels, int all) {
    if (Arrays.equals(channels, IntStream.range(0, all).toArray())) {
      return x;
    }
    return graph.node(
        name, "Gather", List.of(x, graph.numbers(name + ".index", channels)), number("axis", 1));
  }
}
