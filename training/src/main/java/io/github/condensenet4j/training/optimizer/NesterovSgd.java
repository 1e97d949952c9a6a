package io.github.condensenet4j.training.optimizer;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Stochastic gradient descent with momentum, as {@code torch.optim.SGD} without dampening.
 *
 * <pre>
 * v ← momentum · v + g
 * w ← w − rate · (g + momentum · v)     with Nesterov's correction
 * w ← w − rate · v                      without
 * </pre>
 *
 * <p>The velocity does not contain the learning rate. In ND4J's {@code Nesterovs} it does, so the
 * two part as soon as the rate changes from one step to the next, which here is at every batch.
 */
public final class NesterovSgd implements IUpdater {

  private static final long serialVersionUID = 1L;

  private double learningRate;
  private ISchedule learningRateSchedule;
  private final double momentum;
  private final boolean nesterov;

  /** Creates the updater without a schedule. */
  public NesterovSgd(double learningRate, double momentum, boolean nesterov) {
    this(learningRate, null, momentum, nesterov);
  }

  /**
   * Creates the updater.
   *
   * @param learningRate the rate where there is no schedule
   * @param learningRateSchedule the rate of each iteration, or null
   * @param momentum share of the velocity that is kept from step to step, 0 to below 1
   * @param nesterov whether the step looks ahead along the new velocity
   */
  @JsonCreator
  public NesterovSgd(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("learningRateSchedule") ISchedule learningRateSchedule,
      @JsonProperty("momentum") double momentum,
      @JsonProperty("nesterov") boolean nesterov) {
    this.learningRate = learningRate;
    this.learningRateSchedule = learningRateSchedule;
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  /** Returns the share of the velocity that is kept from step to step. */
  public double momentum() {
    return momentum;
  }

  /** Tells whether the step looks ahead along the new velocity. */
  public boolean isNesterov() {
    return nesterov;
  }

  @Override
  public long stateSize(long numParams) {
    return numParams;
  }

  @Override
  public GradientUpdater<NesterovSgd> instantiate(INDArray viewArray, boolean initializeViewArray) {
    INDArray view = viewArray.reshape(viewArray.length());
    NesterovSgdUpdater updater = new NesterovSgdUpdater(this);
    updater.setStateViewArray(view, view.shape(), view.ordering(), initializeViewArray);
    return updater;
  }

  @Override
  public GradientUpdater<NesterovSgd> instantiate(
      Map<String, INDArray> updaterState, boolean initializeStateArrays) {
    NesterovSgdUpdater updater = new NesterovSgdUpdater(this);
    updater.setState(updaterState, initializeStateArrays);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    this.learningRate = rate;
    this.learningRateSchedule = schedule;
  }

  // Schedules are values here, so a copy may share them.
  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public NesterovSgd clone() {
    return new NesterovSgd(learningRate, learningRateSchedule, momentum, nesterov);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NesterovSgd that
        && Double.compare(learningRate, that.learningRate) == 0
        && Double.compare(momentum, that.momentum) == 0
        && nesterov == that.nesterov
        && Objects.equals(learningRateSchedule, that.learningRateSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, learningRateSchedule, momentum, nesterov);
  }

  @Override
  public String toString() {
    return "NesterovSgd(momentum " + momentum + (nesterov ? "" : ", plain") + ")";
  }
}
