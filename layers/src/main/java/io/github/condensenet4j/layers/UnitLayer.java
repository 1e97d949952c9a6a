package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import io.github.condensenet4j.layers.unit.Kept;
import io.github.condensenet4j.layers.unit.LearnedWeight;
import io.github.condensenet4j.layers.unit.Parameter;
import io.github.condensenet4j.layers.unit.Pass;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The runtime layer of all configurations of this package: it hands Deeplearning4j's arrays to a
 * {@link Unit} and the unit's results back.
 *
 * <p>Running statistics are moved in the backward pass, directly and not as if they had gradients:
 * an updater, gradient clipping or gradient sharing never touches them, and a step split into parts
 * moves them once for each part, as the official code does.
 */
final class UnitLayer extends SameDiffLayer implements CondensingLayer {

  private final transient Unit unit;
  private transient Arithmetic arithmetic;

  private Extent extent;
  private boolean saved;
  private boolean inputGradientOmitted;
  private int placed;

  /** What the unit is to be given again before its backward pass, or null for nothing. */
  private INDArray recalled;

  UnitLayer(NeuralNetConfiguration conf, DataType dataType, Unit unit) {
    super(conf, dataType);
    this.unit = unit;
    arithmetic = ArithmeticChoice.of(dataType);
  }

  /** Computes with {@code other} from now on. */
  void use(Arithmetic other) {
    arithmetic = other;
  }

  private CondenseNetLayer configuration() {
    return (CondenseNetLayer) conf().getLayer();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    return StepProfile.time(kind(), Phase.FORWARD, () -> activated(training, workspaces));
  }

  private String kind() {
    return configuration().kind();
  }

  private INDArray activated(boolean training, LayerWorkspaceMgr workspaces) {
    Matrix y = forward(training, training, workspaces);
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, outputShape());
    arithmetic.store(y, unit.output(extent), output);
    if (!training) {
      arithmetic.end();
    } else if (unit.kept() != Kept.ALL) {
      int last = unit.kept() == Kept.ALL_BUT_OUTPUT ? placed : arithmetic.mark();
      if (arithmetic.giveBack(0, last) && unit.kept().isRecalled()) {
        recalled = unit.kept() == Kept.INPUT ? input : output;
      }
    }
    return output;
  }

  private Matrix forward(boolean training, boolean saving, LayerWorkspaceMgr workspaces) {
    extent = extentOf(input);
    arithmetic.begin(workspaces, false, saving);
    saved = saving;
    recalled = null;
    Pass pass = pass(training, saving);
    Matrix x = unit.place(pass, extent);
    placed = arithmetic.mark();
    arithmetic.load(input.castTo(dataType), extent, x);
    return unit.forward(pass, x, extent);
  }

  private Pass pass(boolean training, boolean saving) {
    return new Pass(arithmetic, paramTable, gradTable, training, saving, conf().getSeed());
  }

  private Extent extentOf(INDArray images) {
    if (images.size(1) != unit.inChannels() || (images.rank() != 4 && images.rank() != 2)) {
      throw new ArchitectureException(
          "layer " + configuration().getLayerName() + ": shape of the input",
          "[images, "
              + unit.inChannels()
              + ", height, width] or [images, "
              + unit.inChannels()
              + "]",
          Arrays.toString(images.shape()));
    }
    int count = Math.toIntExact(images.size(0));
    return images.rank() == 2
        ? new Extent(count, 1, 1)
        : new Extent(count, Math.toIntExact(images.size(2)), Math.toIntExact(images.size(3)));
  }

  private long[] outputShape() {
    Extent output = unit.output(extent);
    return input.rank() == 2
        ? new long[] {output.images(), unit.outChannels()}
        : new long[] {output.images(), unit.outChannels(), output.height(), output.width()};
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    return StepProfile.time(kind(), Phase.BACKWARD, () -> differentiated(epsilon, workspaces));
  }

  private Pair<Gradient, INDArray> differentiated(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    boolean training = saved;
    if (!saved) {
      // A frozen layer runs forward as for inference and is then asked for its input's gradient.
      forward(false, true, workspaces);
    }
    arithmetic.begin(workspaces, true, true);
    Extent outputExtent = unit.output(extent);
    Pass pass = pass(training, true);
    if (recalled != null) {
      recall(pass, outputExtent);
    }
    Matrix dy = arithmetic.allocate(unit.outChannels(), outputExtent);
    arithmetic.load(epsilon.castTo(dataType), outputExtent, dy);
    Gradient gradient = new DefaultGradient();
    for (Parameter parameter : configuration().parameters()) {
      if (parameter.role() == Parameter.Role.STATE) {
        arithmetic.clear(gradTable.get(parameter.name()));
      }
    }
    boolean omits = inputGradientOmitted && unit.canOmitInputGradient();
    Matrix dx = omits ? null : unit.placeGradient(pass, dy, extent);
    unit.backward(pass, dy, dx, false);
    saved = false;
    paramTable.keySet().forEach(name -> gradient.setGradientFor(name, gradTable.get(name)));
    INDArray inputGradient = null;
    if (!inputGradientOmitted) {
      inputGradient =
          workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape());
      arithmetic.store(dx, extent, inputGradient);
    }
    arithmetic.end();
    return new Pair<>(gradient, inputGradient);
  }

  private void recall(Pass pass, Extent outputExtent) {
    boolean isInput = unit.kept() == Kept.INPUT;
    Extent itsExtent = isInput ? extent : outputExtent;
    int channels = isInput ? unit.inChannels() : unit.outChannels();
    Matrix again = arithmetic.allocate(channels, itsExtent);
    arithmetic.load(recalled.castTo(dataType), itsExtent, again);
    unit.recall(pass, again);
    recalled = null;
  }

  @Override
  public void omitInputGradient() {
    inputGradientOmitted = true;
  }

  /** Assigns, where the stock layer checks the shape and then does nothing. */
  @Override
  public void setParam(String name, INDArray value) {
    super.setParam(name, value);
    paramTable.get(name).assign(value);
  }

  @Override
  public boolean updaterDivideByMinibatch(String name) {
    return configuration().roleOf(name) != Parameter.Role.STATE;
  }

  /** Counts the regularisation, which the stock layer leaves out of the score. */
  @Override
  public double calcRegularizationScore(boolean backpropOnlyParams) {
    double score = 0;
    for (Map.Entry<String, INDArray> parameter : paramTable.entrySet()) {
      List<Regularization> terms = configuration().getRegularizationByParam(parameter.getKey());
      if (terms != null) {
        for (Regularization term : terms) {
          score += term.score(parameter.getValue(), getIterationCount(), getEpochCount());
        }
      }
    }
    return score;
  }

  @Override
  public void clear() {
    super.clear();
    saved = false;
    recalled = null;
  }

  @Override
  public List<LearnedConnections> learnedConnections() {
    List<LearnedConnections> connections = new ArrayList<>();
    for (LearnedWeight learned : unit.learnedWeights()) {
      connections.add(LearnedConnections.of(configuration().getLayerName(), learned, paramTable));
    }
    return connections;
  }
}
