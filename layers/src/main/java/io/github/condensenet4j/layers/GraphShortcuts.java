package io.github.condensenet4j.layers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;

/**
 * What a step of training can leave out between the layers of this module in a graph.
 *
 * <ul>
 *   <li>A layer that one other layer alone reads hands its features over as they are, and that
 *       layer the gradient for them. Deeplearning4j gets arrays of the right shape without content
 *       instead of two copies.
 *   <li>Nobody needs the gradient of the images. As for an embedding, Deeplearning4j gets null.
 * </ul>
 *
 * <p>The shortcuts are taken only {@linkplain #run while a step runs}. At all other times, and for
 * everybody who calls the graph himself, its arrays are what they should be.
 */
public final class GraphShortcuts {

  private record Link(UnitLayer layer, UnitLayer reader) {}

  private final List<Link> links = new ArrayList<>();
  private final List<UnitLayer> first = new ArrayList<>();

  private GraphShortcuts() {}

  /** Finds the shortcuts of {@code graph}. */
  public static GraphShortcuts of(ComputationGraph graph) {
    GraphShortcuts shortcuts = new GraphShortcuts();
    for (GraphVertex vertex : graph.getVertices()) {
      UnitLayer layer = layerOf(vertex);
      UnitLayer reader = onlyReader(graph, vertex);
      if (reader != null && vertex.isInputVertex()) {
        shortcuts.first.add(reader);
      } else if (reader != null && layer != null && layer.canBeLinked() && reader.canBeLinked()) {
        shortcuts.links.add(new Link(layer, reader));
      }
    }
    return shortcuts;
  }

  /** Returns the layer of this module that alone, and as it is, reads what leaves a vertex. */
  private static UnitLayer onlyReader(ComputationGraph graph, GraphVertex vertex) {
    VertexIndices[] readers = vertex.getOutputVertices();
    boolean isOutput =
        graph.getConfiguration().getNetworkOutputs().contains(vertex.getVertexName());
    if (isOutput || readers == null || readers.length != 1) {
      return null;
    }
    return layerOf(graph.getVertices()[readers[0].getVertexIndex()]);
  }

  private static UnitLayer layerOf(GraphVertex vertex) {
    return vertex instanceof LayerVertex layerVertex
            && layerVertex.getLayerPreProcessor() == null
            && layerVertex.getLayer() instanceof UnitLayer layer
        ? layer
        : null;
  }

  /**
   * Runs a step of training of the graph, forwards and backwards, and takes the shortcuts: nobody
   * but its layers may look at what passes between them.
   */
  public void run(Runnable step) {
    try {
      links.forEach(link -> UnitLayer.link(link.layer, link.reader));
      first.forEach(layer -> layer.omitInputGradient(true));
      step.run();
    } finally {
      links.forEach(link -> UnitLayer.unlink(link.layer, link.reader));
      first.forEach(layer -> layer.omitInputGradient(false));
    }
  }
}
