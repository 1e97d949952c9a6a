package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.metrics.Logits;
import io.github.condensenet4j.layers.arithmetic.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
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

  /** Loss of each image that passed by last, and the gradient for its logits. */
  private double[] losses;

  private float[][] gradients;

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
    labels = rows(oneHot);
    if (comparesSplits) {
      targets = oneHot.dup();
      return targets;
    }
    if (smoothing == 0) {
      return oneHot;
    }
    return oneHot.dataType() == DataType.FLOAT
        ? Nd4j.createFromArray(smoothed())
        : oneHot.mul(1 - smoothing).addi(smoothing / oneHot.size(1));
  }

  private float[][] smoothed() {
    float[][] smoothed = new float[labels.length][];
    for (int image = 0; image < smoothed.length; image++) {
      float[] shares = labels[image].clone();
      for (int c = 0; c < shares.length; c++) {
        shares[c] = (float) ((1 - smoothing) * shares[c] + smoothing / shares.length);
      }
      smoothed[image] = shares;
    }
    return smoothed;
  }

  /** Returns the rows of a matrix. */
  private static float[][] rows(INDArray matrix) {
    // In one piece: ND4J makes an array of each row first.
    float[] all = matrix.dup('c').data().asFloat();
    int columns = Math.toIntExact(matrix.size(1));
    float[][] rows = new float[Math.toIntExact(matrix.size(0))][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(all, row * columns, (row + 1) * columns));
    return rows;
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
    labels = rows(oneHot);
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
    float[][] logits = rows(activations.get(logitsVertex));
    losses = new double[logits.length];
    gradients = new float[logits.length][];
    if (comparesSplits) {
      double[][] compared = compared(logits);
      targets.assign(Nd4j.createFromArray(compared).castTo(targets.dataType()));
      forEach(logits, row -> gradients[row] = gradient(logits[row], compared[row]));
    } else {
      forEach(logits, image -> differentiate(logits[image], image));
      sum += Arrays.stream(losses).sum();
    }
  }

  private void differentiate(float[] logits, int image) {
    SmoothedCrossEntropy loss = new SmoothedCrossEntropy(logits, labels[image], smoothing);
    losses[image] = loss.loss();
    gradients[image] = loss.gradient();
  }

  private static float[] gradient(float[] logits, double[] label) {
    float[] gradient = Logits.softmax(logits);
    for (int c = 0; c < gradient.length; c++) {
      gradient[c] -= (float) label[c];
    }
    return gradient;
  }

  private static void forEach(float[][] images, IntConsumer action) {
    int parts = Math.min(Workers.threads(), images.length);
    Workers.run(
        parts,
        part -> {
          for (int i = part; i < images.length; i += parts) {
            action.accept(i);
          }
        });
  }

  /** Returns the loss of each image that passed by last, unless versions go through apart. */
  double[] losses() {
    return losses;
  }

  /** Returns the gradient for the logits of each image likewise, {@code [images][classes]}. */
  float[][] gradients() {
    return gradients;
  }

  /** Tells whether loss and gradient are known as soon as images have passed by. */
  boolean isKnown() {
    return !knowsAnswers;
  }

  /** Sums the loss up and returns labels that lead back to its gradient. */
  private double[][] compared(float[][] logits) {
    double[][] all = new double[logits.length][];
    for (int first = 0; first < logits.length; first += splits) {
      JsdCrossEntropy loss = new JsdCrossEntropy(logits, first, splits, labels[first], smoothing);
      sum += splits * loss.loss();
      if (losses != null) {
        Arrays.fill(losses, first, first + splits, loss.loss());
      }
      System.arraycopy(loss.labels(), 0, all, first, splits);
    }
    return all;
  }
}
