package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.layers.AveragePooling;
import io.github.condensenet4j.layers.CondensedDenseBlock;
import io.github.condensenet4j.layers.Convolution;
import io.github.condensenet4j.layers.DenseBlock;
import io.github.condensenet4j.layers.DenseBlockLayer;
import io.github.condensenet4j.layers.GlobalAveragePooling;
import io.github.condensenet4j.layers.Linear;
import io.github.condensenet4j.layers.NormActivation;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A chain of layers that grows from the input to the classes; the part that both families share.
 *
 * <p>Vertices are called as the official modules are: {@code init_conv, denseblock_1, transition_1,
 * …, norm_last} (with the ReLU after it) {@code , pool_last}, then what a family adds, {@code
 * classifier} and {@code softmax}.
 */
final class GraphAssembly {

  private final ModelDescription model;
  private final ComputationGraphConfiguration.GraphBuilder graph;
  private String last = ModelGraphs.INPUT;

  GraphAssembly(ModelDescription model, GraphOptions options) {
    this.model = model;
    int size = model.architecture().imageSize();
    graph =
        new NeuralNetConfiguration.Builder()
            .seed(options.seed())
            .dataType(options.dataType())
            .updater(options.updater())
            .convolutionMode(ConvolutionMode.Truncate)
            .graphBuilder()
            .addInputs(ModelGraphs.INPUT)
            .setInputTypes(InputType.convolutional(size, size, 3));
  }

  /** Appends {@code layer} to the chain. */
  GraphAssembly add(String name, Layer layer) {
    graph.addLayer(name, layer, last);
    last = name;
    return this;
  }

  /** Appends everything up to the pooled features, {@code [N, C]}. */
  GraphAssembly addFeatures() {
    Architecture network = model.architecture();
    add(
        "init_conv",
        Convolution.builder()
            .nIn(3)
            .nOut(network.initChannels())
            .kernelSize(3)
            .stride(network.initStride())
            .padding(1)
            .build());
    List<DenseBlockDescription> blocks = network.blocks();
    for (int b = 0; b < blocks.size(); b++) {
      add(blocks.get(b).name(), block(blocks.get(b)));
      if (b < blocks.size() - 1) {
        add("transition_" + (b + 1), AveragePooling.builder().size(2).build());
      }
    }
    add(
        "norm_last",
        NormActivation.builder()
            .nIn(network.featureChannels())
            .activation(Activation.RELU)
            .build());
    return add("pool_last", GlobalAveragePooling.builder().build());
  }

  private Layer block(DenseBlockDescription block) {
    Architecture network = model.architecture();
    boolean isV2 = network instanceof CondenseNetV2Architecture;
    int groupTrans = isV2 ? ((CondenseNetV2Architecture) network).groupTrans() : 0;
    int transFactor = isV2 ? ((CondenseNetV2Architecture) network).transFactor() : 0;
    DenseBlockLayer.BlockBuilder<?> builder =
        model.form().isCondensed() ? CondensedDenseBlock.builder() : DenseBlock.builder();
    return builder
        .nIn(block.inChannels())
        .layers(block.layers().size())
        .growth(block.growth())
        .bottleneck(network.bottleneck())
        .group1x1(network.group1x1())
        .group3x3(network.group3x3())
        .condenseFactor(network.condenseFactor())
        .dropRate(network.dropRate())
        .activation(block.activation())
        .groupTrans(groupTrans)
        .transFactor(transFactor)
        .squeeze(block.squeeze())
        .build();
  }

  /** Appends a linear layer. */
  GraphAssembly addLinear(String name, int in, int out) {
    return add(name, Linear.builder().nIn(in).nOut(out).build());
  }

  /** Appends the classifier and its loss, and ends the chain. */
  ComputationGraphConfiguration addClasses() {
    addLinear(ModelGraphs.LOGITS, model.classifierInputs(), model.architecture().numClasses());
    add(
        ModelGraphs.OUTPUT,
        new LossLayer.Builder(new LossMCXENT()).activation(new ActivationSoftmax()).build());
    return graph.setOutputs(ModelGraphs.OUTPUT).build();
  }
}
