package io.github.condensenet4j.zoo;

import java.util.Set;

/**
 * Where in a graph a tensor with an official name lies.
 *
 * @param vertex name of the layer in the graph, {@code denseblock_1}
 * @param parameter name of the parameter in the layer, {@code denselayer1.conv1.norm.weight}
 * @param transposed whether the graph holds the matrix transposed
 */
record ParameterName(String vertex, String parameter, boolean transposed) {

  private static final String FEATURES = "features.";
  private static final Set<String> LINEAR = Set.of("fc", ModelGraphs.LOGITS);

  static ParameterName of(String official) {
    if (official.equals("classifier.index")) {
      return new ParameterName(CondenseNet.CLASSIFIER_INDEX, "index", false);
    }
    String name = official.startsWith(FEATURES) ? official.substring(FEATURES.length()) : official;
    int dot = name.indexOf('.');
    String vertex = name.substring(0, dot);
    String rest = name.substring(dot + 1);
    if (LINEAR.contains(vertex)) {
      boolean isWeight = rest.endsWith("weight");
      return new ParameterName(vertex, isWeight ? "W" : "b", isWeight);
    }
    // Names of parameters must not hold what Deeplearning4j puts between layer and parameter.
    String parameter = rest.replace("_", "");
    return new ParameterName(
        vertex, vertex.equals("norm_last") ? "norm." + parameter : parameter, false);
  }
}
