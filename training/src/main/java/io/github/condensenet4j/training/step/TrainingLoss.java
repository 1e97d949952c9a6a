package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.metrics.Logits;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cross entropy of a network's logits with smoothed labels, summed over the images that pass
 * by.
 *
 * <pre>
 * loss of an image = −Σ_c target_c · log softmax(logits)_c
 * target = (1 − smoothing) · label + smoothing / classes
 * </pre>
 *
 * <p>Listens to the forward pass of training and takes the logits from there, because the score of
 * the graph is rounded, clipped, and holds regularisation as well. Official class: {@code
 * timm.loss.LabelSmoothingCrossEntropy}.
 */
final class TrainingLoss extends BaseTrainingListener {

  private final String logitsVertex;
  private final double smoothing;
  private float[][] labels;
  private double sum;

  TrainingLoss(String logitsVertex, double smoothing) {
    this.logitsVertex = logitsVertex;
    this.smoothing = smoothing;
  }

  /**
   * Returns the targets of the images that pass by next.
   *
   * @param oneHot labels {@code [N, classes]}: 1 at the class, or shares of classes where images
   *     are mixed
   */
  INDArray targets(INDArray oneHot) {
    labels = oneHot.toFloatMatrix();
    return smoothing == 0 ? oneHot : oneHot.mul(1 - smoothing).addi(smoothing / oneHot.size(1));
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
    float[][] logits = activations.get(logitsVertex).toFloatMatrix();
    for (int image = 0; image < logits.length; image++) {
      sum += Logits.crossEntropy(logits[image], labels[image], smoothing);
    }
  }
}
