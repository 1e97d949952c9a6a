package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.condensation.CondensationState;
import io.github.condensenet4j.core.condensation.ConnectionGroups;
import io.github.condensenet4j.core.condensation.GroupLasso;
import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.layers.unit.LearnedWeight;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The connections of one learned weight of a runtime layer: what is dropped, and dropping more.
 *
 * <p>The arrays are the layer's parameters themselves, so what changes here holds from the next
 * forward pass on. Connections are never dropped inside a forward pass: replicas that train in
 * parallel would each drop their own.
 */
public final class LearnedConnections {

  private final String name;
  private final ConnectionGroups groups;
  private final String weightName;
  private final INDArray weight;
  private final INDArray mask;
  private final INDArray stage;
  private final INDArray count;

  private LearnedConnections(
      String name,
      ConnectionGroups groups,
      String weightName,
      INDArray weight,
      INDArray mask,
      INDArray stage,
      INDArray count) {
    this.name = name;
    this.groups = groups;
    this.weightName = weightName;
    this.weight = weight;
    this.mask = mask;
    this.stage = stage;
    this.count = count;
  }

  static LearnedConnections of(
      String layerName, LearnedWeight learned, Map<String, INDArray> parameters) {
    String prefix = learned.prefix();
    String inLayer = prefix.isEmpty() ? "" : "." + prefix.substring(0, prefix.length() - 1);
    return new LearnedConnections(
        layerName + inLayer,
        learned.groups(),
        prefix + "conv.weight",
        parameters.get(prefix + "conv.weight"),
        parameters.get(prefix + "mask"),
        parameters.get(prefix + "stage"),
        parameters.get(prefix + "count"));
  }

  /**
   * Returns the layer's name and the place in the layer, {@code denseblock_1.denselayer1.conv1}.
   */
  public String name() {
    return name;
  }

  /** Returns which connections belong together. */
  public ConnectionGroups groups() {
    return groups;
  }

  /** Returns the name of the weight among its layer's parameters. */
  public String weightName() {
    return weightName;
  }

  /** Returns the weights {@code [out, in, 1, 1]}: the layer's parameter, not a copy. */
  public INDArray weight() {
    return weight;
  }

  /** Returns the mask {@code [out, in, 1, 1]} of 0 and 1: the layer's parameter, not a copy. */
  public INDArray mask() {
    return mask;
  }

  /** Returns how far the condensation has come. */
  public CondensationState state() {
    return new CondensationState(stage.getInt(0), count.getInt(0));
  }

  /**
   * Drops what is due at {@code progress}.
   *
   * @param progress share of all training steps done, 0 to 1
   * @param rule what happens to stages that were skipped
   * @return whether stage, count or mask changed
   */
  public boolean advance(double progress, StageRule rule) {
    CondensationState before = state();
    if (!groups.isDue(before, rule, progress)) {
      return false;
    }
    float[] kept = floats(mask);
    CondensationState after = groups.advance(floats(weight), kept, before, rule, progress);
    if (after.equals(before)) {
      return false;
    }
    mask.assign(Nd4j.createFromArray(kept).castTo(mask.dataType()).reshape(mask.shape()));
    stage.assign(after.stage());
    count.assign(after.count());
    return true;
  }

  /** Returns the share of connections that are left, 0 to 1. */
  public double keptFraction() {
    return groups.keptFraction(floats(mask));
  }

  /** Returns the group lasso of the weights; see {@link GroupLasso#value}. */
  public double lasso() {
    return GroupLasso.value(groups, floats(weight), floats(mask), state().stage());
  }

  /**
   * Adds {@code scale} times the gradient of {@link #lasso} to {@code gradient}.
   *
   * @param gradient gradient of the weights {@code [out, in, 1, 1]}; changed
   */
  public void addLassoGradient(double scale, INDArray gradient) {
    float[] sum = new float[Math.toIntExact(weight.length())];
    GroupLasso.addGradient(groups, floats(weight), floats(mask), state().stage(), scale, sum);
    gradient.addi(Nd4j.createFromArray(sum).castTo(gradient.dataType()).reshape(gradient.shape()));
  }

  private static float[] floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }
}
