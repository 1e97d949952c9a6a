package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.metrics.Logits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The cross entropy of a network's logits with smoothed labels, summed over the images that pass
 * by.
 *
 * <pre>
 * loss of an image = −Σ_c target_c · log softmax(logits)_c
 * target = (1 − smoothing) · label + smoothing / classes
 * </pre>
 *
 * <p>Or, for several versions of each image, {@link JsdCrossEntropy}; its gradient is not that of a
 * cross entropy, so the graph, which knows no other, is given labels with which it comes to the
 * same.
 *
 * <p>Listens to the forward pass of training and takes the logits from there, because the score of
 * the graph is rounded, clipped, and holds regularisation as well. Official class: {@code
 * timm.loss.LabelSmoothingCrossEntropy}.
 */
final class TrainingLoss extends BaseTrainingListener {

  private final String logitsVertex;
  private final double smoothing;
  private final int splits;
  private final boolean comparesSplits;
  private final boolean knowsAnswers;
  private float[][] labels;
  private INDArray targets;
  private double sum;

  TrainingLoss(String logitsVertex, double smoothing) {
    this(logitsVertex, smoothing, 1, false, false);
  }

  private TrainingLoss(
      String logitsVertex,
      double smoothing,
      int splits,
      boolean comparesSplits,
      boolean knowsAnswers) {
    this.logitsVertex = logitsVertex;
    this.smoothing = smoothing;
    this.splits = splits;
    this.comparesSplits = comparesSplits;
    this.knowsAnswers = knowsAnswers;
  }

  /**
   * Creates the loss of a recipe.
   *
   * @param apart whether versions go through networks of their own, so that their answers are known
   *     before they pass by
   */
  static TrainingLoss of(StepRecipe recipe, boolean apart) {
    return new TrainingLoss(
        recipe.logitsVertex(),
        recipe.smoothing(),
        recipe.splits(),
        recipe.comparesSplits(),
        apart && recipe.comparesSplits());
  }

  /**
   * Returns the targets of the images that pass by next.
   *
   * @param oneHot labels {@code [N, classes]}: 1 at the class, or shares of classes where images
   *     are mixed
   */
  INDArray targets(INDArray oneHot) {
    labels = oneHot.toFloatMatrix();
    if (comparesSplits) {
      targets = oneHot.dup();
      return targets;
    }
    return smoothing == 0 ? oneHot : oneHot.mul(1 - smoothing).addi(smoothing / oneHot.size(1));
  }

  /**
   * Sums the loss of images up of which the answers are known already, and returns the targets of
   * each version, of which the images pass by next.
   *
   * @param oneHot labels of all versions, which follow each other
   * @param answers logits {@code [N / versions][classes]} of each version
   */
  List<INDArray> targets(INDArray oneHot, List<float[][]> answers) {
    int images = answers.get(0).length;
    float[][] logits = new float[images * splits][];
    for (int row = 0; row < logits.length; row++) {
      logits[row] = answers.get(row % splits)[row / splits];
    }
    labels = oneHot.toFloatMatrix();
    double[][] all = compared(logits);
    List<INDArray> ofVersions = new ArrayList<>();
    for (int version = 0; version < splits; version++) {
      double[][] rows = new double[images][];
      for (int image = 0; image < images; image++) {
        rows[image] = all[image * splits + version];
      }
      ofVersions.add(Nd4j.createFromArray(rows).castTo(oneHot.dataType()));
    }
    return ofVersions;
  }

  /** Forgets what was summed up. */
  void reset() {
    sum = 0;
  }

  /** Returns the sum over all images since the last {@link #reset}. */
  double sum() {
    return sum;
  }

  @Override
  public void onForwardPass(Model model, Map<String, INDArray> activations) {
    if (knowsAnswers) {
      return;
    }
    float[][] logits = activations.get(logitsVertex).toFloatMatrix();
    if (comparesSplits) {
      targets.assign(Nd4j.createFromArray(compared(logits)).castTo(targets.dataType()));
      return;
    }
    for (int image = 0; image < logits.length; image++) {
      sum += Logits.crossEntropy(logits[image], labels[image], smoothing);
    }
  }

  /** Sums the loss up and returns labels that lead back to its gradient. */
  private double[][] compared(float[][] logits) {
    double[][] all = new double[logits.length][];
    for (int first = 0; first < logits.length; first += splits) {
      JsdCrossEntropy loss = new JsdCrossEntropy(logits, first, splits, labels[first], smoothing);
      sum += splits * loss.loss();
      System.arraycopy(loss.labels(), 0, all, first, splits);
    }
    return all;
  }
}
