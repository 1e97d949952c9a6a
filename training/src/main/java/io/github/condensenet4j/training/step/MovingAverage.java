package io.github.condensenet4j.training.step;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The exponential moving average of a network in training: {@code average ← decay · average + (1 −
 * decay) · network}, for weights and running statistics alike.
 *
 * <p>Connections, stages and counters are copied: an average of masks is no mask. So is what is
 * frozen, which rounding would change. The average is itself a network, ready to be evaluated.
 * Official class: {@code timm.utils.ModelEma}.
 */
public final class MovingAverage {

  private final EmaDecay decay;
  private final ComputationGraph network;
  private final ComputationGraph average;
  private final List<INDArray> copiedFrom;
  private final List<INDArray> copiedTo;

  /** Starts the average as a copy of {@code network}, which it then follows. */
  public MovingAverage(ComputationGraph network, EmaDecay decay) {
    this.decay = decay;
    this.network = network;
    this.average = new ComputationGraph(network.getConfiguration().clone());
    this.average.init(network.params().dup(), false);
    ParameterRanges ranges = ParameterRanges.of(network);
    copiedFrom = ranges.views(network.params(), ParameterRanges.Range::isCopied);
    copiedTo = ranges.views(average.params(), ParameterRanges.Range::isCopied);
  }

  /** Takes in the network as it stands after {@code step}. */
  public void update(long step) {
    double kept = decay.at(step);
    INDArray values = average.params();
    values.muli(kept);
    Nd4j.exec(new Axpy(network.params(), values, values, 1 - kept));
    for (int i = 0; i < copiedTo.size(); i++) {
      copiedTo.get(i).assign(copiedFrom.get(i));
    }
  }

  /** Returns the average as a network; it changes with every update. */
  public ComputationGraph network() {
    return average;
  }
}
