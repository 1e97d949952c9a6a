package io.github.condensenet4j.training.evaluation;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.metrics.ClassificationMetrics;
import io.github.condensenet4j.pipelines.EvaluationBatches;
import io.github.condensenet4j.pipelines.LabeledImages;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;

/** Classifies images with a network and compares the answers with their labels. */
public final class Evaluator {

  private final LabeledImages images;
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
    long start = System.nanoTime();
    List<String> unreadable;
    try (EvaluationBatches batches = new EvaluationBatches(images, batchSize, readerThreads)) {
      while (batches.hasNext()) {
        add(metrics, network, batches.next());
      }
      unreadable = List.copyOf(batches.unreadable().values());
    }
    if (metrics.images() == 0) {
      throw new InvalidFileException(
          images.name(0), "none of the " + images.size() + " images can be read");
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
      ClassificationMetrics metrics, Function<INDArray, float[][]> network, DataSet batch) {
    float[][] logits = network.apply(batch.getFeatures());
    int[] labels = batch.getLabels().argMax(1).toIntVector();
    for (int image = 0; image < labels.length; image++) {
      metrics.add(logits[image], labels[image]);
    }
  }
}
