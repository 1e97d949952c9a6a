package io.github.condensenet4j.training.step;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The loss of logits that have passed by {@link TrainingLoss} already. */
final class KnownLoss implements ILossFunction {

  private static final long serialVersionUID = 1;

  private final transient TrainingLoss loss;

  KnownLoss(TrainingLoss loss) {
    this.loss = loss;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    double sum = Arrays.stream(loss.losses()).sum();
    return average ? sum / loss.losses().length : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    return Nd4j.createFromArray(loss.losses()).reshape(-1, 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    return Nd4j.createFromArray(loss.gradients());
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, softmax, mask, average),
        computeGradient(labels, logits, softmax, mask));
  }

  @Override
  public String name() {
    return "known loss";
  }
}
