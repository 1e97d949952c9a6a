package io.github.condensenet4j.training.step;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
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
  private final List<Stretch> stretches = new ArrayList<>();
  private final FlatVectors vectors;

  /** Neighbours in the flat vectors that are treated alike. */
  private record Stretch(long start, long end, boolean copied) {
    long length() {
      return end - start;
    }
  }

  /** Starts the average as a copy of {@code network}, which it then follows. */
  public MovingAverage(ComputationGraph network, EmaDecay decay) {
    this.decay = decay;
    this.network = network;
    this.average = new ComputationGraph(network.getConfiguration().clone());
    this.average.init(network.params().dup(), false);
    ParameterRanges ranges = ParameterRanges.of(network);
    copiedFrom = ranges.views(network.params(), ParameterRanges.Range::isCopied);
    copiedTo = ranges.views(average.params(), ParameterRanges.Range::isCopied);
    ranges.all().forEach(this::addStretch);
    vectors = new FlatVectors(stretches.stream().mapToLong(Stretch::length).toArray());
  }

  private void addStretch(ParameterRanges.Range range) {
    int last = stretches.size() - 1;
    boolean continues =
        last >= 0
            && stretches.get(last).end() == range.start()
            && stretches.get(last).copied() == range.isCopied();
    long start = continues ? stretches.remove(last).start() : range.start();
    stretches.add(new Stretch(start, range.end(), range.isCopied()));
  }

  /** Takes in the network as it stands after {@code step}. */
  public void update(long step) {
    double kept = decay.at(step);
    INDArray from = network.params();
    INDArray to = average.params();
    if (FlatVectors.allow(from)) {
      updateInOnePass(from, to, (float) kept, (float) (1 - kept));
      return;
    }
    to.muli(kept);
    Nd4j.exec(new Axpy(from, to, to, 1 - kept));
    for (int i = 0; i < copiedTo.size(); i++) {
      copiedTo.get(i).assign(copiedFrom.get(i));
    }
  }

  private void updateInOnePass(INDArray from, INDArray to, float kept, float taken) {
    try {
      vectors.forEachPiece(
          2,
          (number, offset, n, buffers) -> {
            Stretch stretch = stretches.get(number);
            FloatPointer values = FlatVectors.pointer(from).position(stretch.start() + offset);
            FloatPointer averages = FlatVectors.pointer(to).position(stretch.start() + offset);
            values.get(buffers[0], 0, n);
            if (stretch.copied()) {
              averages.put(buffers[0], 0, n);
              return;
            }
            averages.get(buffers[1], 0, n);
            average(buffers[0], buffers[1], n, kept, taken);
            averages.put(buffers[1], 0, n);
          });
    } finally {
      Reference.reachabilityFence(from);
      Reference.reachabilityFence(to);
    }
  }

  private static void average(float[] values, float[] averages, int n, float kept, float taken) {
    for (int i = 0; i < n; i++) {
      averages[i] = kept * averages[i] + taken * values[i];
    }
  }

  /** Returns the average as a network; it changes with every update. */
  public ComputationGraph network() {
    return average;
  }
}
