package io.github.condensenet4j.training.evaluation;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.metrics.ClassificationMetrics;
import io.github.condensenet4j.pipelines.EvaluationBatches;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.ViewedImages;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Classifies images with a network and compares the answers with their labels. */
public final class Evaluator {

  private final ViewedImages images;
  private final int batchSize;
  private final int readerThreads;
  private final String logitsVertex;

  /**
   * Prepares evaluations.
   *
   * @param images what is classified
   * @param batchSize images that go through the network at a time; results do not depend on it
   * @param readerThreads threads that read ahead
   * @param logitsVertex vertex of the networks whose activations are the logits, {@code [N,
   *     classes]}
   */
  public Evaluator(LabeledImages images, int batchSize, int readerThreads, String logitsVertex) {
    this(new ViewedImages(images, 1), batchSize, readerThreads, logitsVertex);
  }

  /** Prepares evaluations in which the logits of all views of an image are averaged. */
  public Evaluator(ViewedImages images, int batchSize, int readerThreads, String logitsVertex) {
    this.images = images;
    this.batchSize = batchSize;
    this.readerThreads = readerThreads;
    this.logitsVertex = logitsVertex;
  }

  /**
   * Classifies all images with {@code network}.
   *
   * @throws InvalidFileException if no image can be read
   */
  public EvaluationResult evaluate(ComputationGraph network) {
    return evaluate(
        images ->
            network.output(List.of(logitsVertex), false, new INDArray[] {images}, null)[0]
                .toFloatMatrix());
  }

  /**
   * Classifies all images with a network that is no graph.
   *
   * @param network returns the logits {@code [N][classes]} of a batch {@code [N, C, H, W]}
   * @throws InvalidFileException if no image can be read
   */
  public EvaluationResult evaluate(Function<INDArray, float[][]> network) {
    ClassificationMetrics metrics = new ClassificationMetrics();
    ViewAverage average = new ViewAverage(images, metrics);
    long start = System.nanoTime();
    List<String> unreadable;
    try (EvaluationBatches batches = new EvaluationBatches(images, batchSize, readerThreads)) {
      while (batches.hasNext()) {
        DataSet batch = batches.next();
        add(average, network, batch);
        batches.recycle(batch);
      }
      unreadable = unreadable(batches.unreadable());
    }
    if (metrics.images() == 0) {
      throw new InvalidFileException(
          images.name(0), "none of the " + images.images().size() + " images can be read");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new EvaluationResult(
        metrics.top1(),
        metrics.top5(),
        metrics.loss(),
        metrics.images(),
        metrics.images() / seconds,
        unreadable);
  }

  private static void add(
      ViewAverage average, Function<INDArray, float[][]> network, DataSet batch) {
    float[][] logits = network.apply(batch.getFeatures());
    List<Integer> indices = batch.getExampleMetaData(Integer.class);
    for (int row = 0; row < logits.length; row++) {
      average.add(indices.get(row), logits[row]);
    }
  }

  /** Returns what is wrong with images, once for all views. */
  private List<String> unreadable(SortedMap<Integer, String> views) {
    SortedMap<Integer, String> found = new TreeMap<>();
    views.forEach((view, what) -> found.putIfAbsent(images.imageOf(view), what));
    return List.copyOf(found.values());
  }
}
