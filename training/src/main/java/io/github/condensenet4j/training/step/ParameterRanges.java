package io.github.condensenet4j.training.step;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Where each parameter of a graph lies in its flat vectors: parameters, gradients and averages have
 * the same order, so one interval serves in all of them.
 */
final class ParameterRanges {

  /**
   * One parameter.
   *
   * @param layer name of its layer
   * @param name its name within the layer
   * @param dimensions how many dimensions it has
   * @param trained whether an optimiser changes it, rather than the layer itself or nobody
   * @param frozen whether nobody ever changes it
   * @param start offset of its first element
   * @param end offset after its last element
   */
  record Range(
      String layer,
      String name,
      int dimensions,
      boolean trained,
      boolean frozen,
      long start,
      long end) {

    /** Tells whether this is a mask, a counter or an index: whole numbers, whatever their type. */
    boolean isWhole() {
      return !trained && WHOLE.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Tells whether an average of this is to be a copy instead, equal to the bit. */
    boolean isCopied() {
      return frozen || isWhole();
    }
  }

  private static final Set<String> WHOLE =
      Set.of("mask", "stage", "count", "numbatchestracked", "index");

  private final List<Range> ranges;

  private ParameterRanges(List<Range> ranges) {
    this.ranges = ranges;
  }

  /** Finds the parameters of {@code graph}. */
  static ParameterRanges of(ComputationGraph graph) {
    long origin = graph.params().offset();
    List<Range> ranges = new ArrayList<>();
    for (Layer layer : graph.getLayers()) {
      layer
          .paramTable(false)
          .forEach(
              (name, values) -> {
                long start = values.offset() - origin;
                ranges.add(
                    new Range(
                        layer.conf().getLayer().getLayerName(),
                        name,
                        values.rank(),
                        !(layer.getConfig().getUpdaterByParam(name) instanceof NoOp),
                        layer instanceof FrozenLayer,
                        start,
                        start + values.length()));
              });
    }
    ranges.sort(Comparator.comparingLong(Range::start));
    return new ParameterRanges(List.copyOf(ranges));
  }

  List<Range> all() {
    return ranges;
  }

  /**
   * Returns the views of {@code flat} that hold what {@code wanted} chooses, joined where they
   * touch.
   */
  List<INDArray> views(INDArray flat, Predicate<Range> wanted) {
    INDArray vector = flat.reshape(flat.length());
    List<INDArray> views = new ArrayList<>();
    long start = 0;
    long end = 0;
    for (Range range : ranges) {
      if (!wanted.test(range)) {
        continue;
      }
      if (range.start() != end) {
        addView(views, vector, start, end);
        start = range.start();
      }
      end = range.end();
    }
    addView(views, vector, start, end);
    return views;
  }

  private static void addView(List<INDArray> views, INDArray vector, long start, long end) {
    if (end > start) {
      views.add(vector.get(NDArrayIndex.interval(start, end)));
    }
  }
}
