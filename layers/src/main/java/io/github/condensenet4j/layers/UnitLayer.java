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
import org.nd4j.linalg.factory.Nd4j;
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
  private int placed;

  /** What the unit is to be given again before its backward pass, or null for nothing. */
  private INDArray recalled;

  private boolean inputGradientOmitted;

  /** The layer whose features this one reads where they are, or null. */
  private UnitLayer source;

  /** The layer that reads this one's features where they are, or null. */
  private UnitLayer reader;

  /** What the reader reads. */
  private Matrix output;

  /** What the source reads: the gradient for its features. */
  private Matrix inputGradient;

  UnitLayer(NeuralNetConfiguration conf, DataType dataType, Unit unit) {
    super(conf, dataType);
    this.unit = unit;
    arithmetic = ArithmeticChoice.of(dataType);
  }

  /** Computes with {@code other} from now on. */
  void use(Arithmetic other) {
    arithmetic = other;
  }

  /** Tells whether the output is a matrix that stays until the backward pass. */
  boolean endsWhole() {
    return unit.kept() == Kept.ALL_BUT_OUTPUT && arithmetic.ownsMemory();
  }

  /** Lets {@code next} read the features of {@code block} where they are, and likewise back. */
  static void link(UnitLayer block, UnitLayer next) {
    block.reader = next;
    next.source = block;
  }

  /** Ends what {@link #link} has begun. */
  static void unlink(UnitLayer block, UnitLayer next) {
    block.reader = null;
    block.output = null;
    next.source = null;
    next.inputGradient = null;
  }

  /** Says whether nobody needs the gradient for the input, null taking its place. */
  void omitInputGradient(boolean omitted) {
    inputGradientOmitted = omitted;
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
    if (reader != null) {
      output = y;
      return empty(workspaces, ArrayType.ACTIVATIONS, outputShape());
    }
    INDArray result =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, outputShape());
    arithmetic.store(y, unit.output(extent), result);
    if (!training) {
      arithmetic.end();
    } else if (arithmetic.ownsMemory()) {
      giveBack(result);
    }
    return result;
  }

  /** Gives memory back that the backward pass does not need. */
  private void giveBack(INDArray result) {
    switch (unit.kept()) {
      case ALL -> {}
      case ALL_BUT_OUTPUT -> {
        arithmetic.giveBack(0, placed);
        recalled = result;
      }
      case INPUT -> {
        arithmetic.release(0);
        recalled = source == null ? input : null;
      }
      case NOTHING -> arithmetic.release(0);
    }
  }

  /** Returns an array of {@code shape} that takes the place of one that nobody reads. */
  private INDArray empty(LayerWorkspaceMgr workspaces, ArrayType kind, long[] shape) {
    INDArray number = workspaces.createUninitialized(kind, dataType, 1);
    return Nd4j.create(number.data(), shape, new long[shape.length], number.offset(), 'c');
  }

  private Matrix forward(boolean training, boolean saving, LayerWorkspaceMgr workspaces) {
    extent = extentOf(input);
    arithmetic.begin(workspaces, false, saving);
    saved = saving;
    recalled = null;
    Pass pass = pass(training, saving);
    if (source != null) {
      return unit.forward(pass, source.output, extent);
    }
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
    Matrix dy = reader != null ? reader.inputGradient : loaded(epsilon, outputExtent);
    Gradient gradient = new DefaultGradient();
    for (Parameter parameter : configuration().parameters()) {
      if (parameter.role() == Parameter.Role.STATE) {
        arithmetic.clear(gradTable.get(parameter.name()));
      }
    }
    Matrix dx = placeGradient(pass, dy);
    unit.backward(pass, dy, dx, false);
    saved = false;
    paramTable.keySet().forEach(name -> gradient.setGradientFor(name, gradTable.get(name)));
    INDArray forInput = handedBack(dx, workspaces);
    if (reader != null) {
      // Not before: the gradient for the input may lie in what was read.
      reader.inputGradient = null;
      reader.arithmetic.end();
    }
    return new Pair<>(gradient, forInput);
  }

  private Matrix placeGradient(Pass pass, Matrix dy) {
    if (inputGradientOmitted && unit.canOmitInputGradient()) {
      return null;
    }
    // What the source is to read must not lie in the memory of this layer's own reader.
    return source == null
        ? unit.placeGradient(pass, dy, extent)
        : arithmetic.allocate(unit.inChannels(), extent);
  }

  private Matrix loaded(INDArray epsilon, Extent outputExtent) {
    Matrix dy = arithmetic.allocate(unit.outChannels(), outputExtent);
    arithmetic.load(epsilon.castTo(dataType), outputExtent, dy);
    return dy;
  }

  private INDArray handedBack(Matrix dx, LayerWorkspaceMgr workspaces) {
    if (source != null) {
      inputGradient = dx;
      // The source ends this layer's pass when it has read the gradient.
      return empty(workspaces, ArrayType.ACTIVATION_GRAD, input.shape());
    }
    INDArray result = null;
    if (!inputGradientOmitted) {
      result = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape());
      arithmetic.store(dx, extent, result);
    }
    arithmetic.end();
    return result;
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
