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
import java.util.EnumMap;
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

  /** The output that the unit is to be given again before its backward pass, or null. */
  private INDArray recalled;

  /** Where the layer before has written the input already, or null. */
  private Matrix offered;

  private boolean inputGradientOmitted;

  /** What a profile calls the work of this layer. */
  private String kind;

  /** The gradients of which those of states are 0. */
  private transient Map<String, INDArray> cleared;

  /** The ways past Deeplearning4j from the layer before and to the one after this, or null. */
  private Passage before;

  private Passage after;

  /** What stands for arrays that nobody reads, which takes some microseconds to make. */
  private final transient Map<ArrayType, INDArray> empties = new EnumMap<>(ArrayType.class);

  UnitLayer(NeuralNetConfiguration conf, DataType dataType, Unit unit) {
    super(conf, dataType);
    this.unit = unit;
    arithmetic = ArithmeticChoice.of(dataType);
  }

  /** Computes with {@code other} from now on. */
  void use(Arithmetic other) {
    arithmetic = other;
  }

  /** Tells whether {@link #link} can lead from or to this layer. */
  boolean canBeLinked() {
    return arithmetic.ownsMemory();
  }

  /** Lets features and gradients pass between two layers directly until {@link #unlink}. */
  static void link(UnitLayer layer, UnitLayer reader) {
    Passage passage = new Passage(reader);
    layer.after = passage;
    reader.before = passage;
  }

  /** Ends what {@link #link} has begun. */
  static void unlink(UnitLayer layer, UnitLayer reader) {
    layer.after = null;
    reader.before = null;
    reader.offered = null;
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
    if (kind == null) {
      kind = configuration().kind();
    }
    return kind;
  }

  private INDArray activated(boolean training, LayerWorkspaceMgr workspaces) {
    Matrix y = forward(training, training, workspaces);
    if (after != null) {
      boolean stays = unit.kept() == Kept.ALL_BUT_OUTPUT;
      after.leaveFeatures(y, stays ? null : () -> giveBack(null));
      return empty(ArrayType.ACTIVATIONS, outputShape());
    }
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, outputShape());
    arithmetic.store(y, unit.output(extent), output);
    if (!training) {
      arithmetic.end();
    } else if (arithmetic.ownsMemory()) {
      giveBack(output);
    }
    return output;
  }

  /** Gives memory back that the backward pass does not need. */
  private void giveBack(INDArray output) {
    switch (unit.kept()) {
      case ALL -> {}
      case ALL_BUT_OUTPUT -> {
        arithmetic.giveBack(0, placed);
        recalled = output;
      }
      case INPUT -> arithmetic.release(placed);
      case NOTHING -> arithmetic.release(0);
    }
  }

  /** Returns an array of {@code shape} that takes the place of one that nobody reads. */
  private INDArray empty(ArrayType kind, long[] shape) {
    INDArray before = empties.get(kind);
    if (before != null && Arrays.equals(before.shape(), shape)) {
      return before;
    }
    INDArray number = Nd4j.createUninitializedDetached(dataType, 1);
    INDArray empty =
        Nd4j.create(number.data(), shape, new long[shape.length], number.offset(), 'c');
    empties.put(kind, empty);
    return empty;
  }

  private Matrix forward(boolean training, boolean saving, LayerWorkspaceMgr workspaces) {
    if (offered == null) {
      begin(extentOf(input), saving, workspaces);
    }
    // A block's output stays where its features are.
    boolean goesToReader = after != null && unit.kept() != Kept.ALL_BUT_OUTPUT;
    Pass pass =
        pass(
            training,
            saving,
            goesToReader
                ? itsExtent -> after.reader().offer(itsExtent, training, saving, workspaces)
                : null);
    return unit.forward(pass, read(pass), extent);
  }

  private void begin(Extent itsExtent, boolean saving, LayerWorkspaceMgr workspaces) {
    extent = itsExtent;
    arithmetic.begin(workspaces, false, saving);
    saved = saving;
    recalled = null;
  }

  /** Begins a forward pass early and returns where the layer before may write the input. */
  Matrix offer(Extent itsExtent, boolean training, boolean saving, LayerWorkspaceMgr workspaces) {
    begin(itsExtent, saving, workspaces);
    offered = placed(pass(training, saving, null));
    return offered;
  }

  private Matrix placed(Pass pass) {
    Matrix x = unit.place(pass, extent);
    placed = arithmetic.mark();
    return x;
  }

  /** Returns the input. */
  private Matrix read(Pass pass) {
    if (offered != null) {
      Matrix x = offered;
      offered = null;
      before.copied();
      return x;
    }
    if (before != null && before.featuresStay()) {
      placed = arithmetic.mark();
      return before.features();
    }
    Matrix x = placed(pass);
    if (before != null) {
      arithmetic.copy(before.features(), x);
      before.copied();
    } else {
      arithmetic.load(input.castTo(dataType), extent, x);
    }
    return x;
  }

  private Pass pass(boolean training, boolean saving, Pass.ReadersPlace readersPlace) {
    return new Pass(
        arithmetic, paramTable, gradTable, training, saving, conf().getSeed(), readersPlace);
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
    return input.rank() == 2 || unit.flattens()
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
    Pass pass = pass(training, true, null);
    if (recalled != null) {
      recall(pass, outputExtent);
    }
    Matrix dy = after != null ? after.gradient() : loaded(epsilon, outputExtent);
    Gradient gradient = new DefaultGradient();
    clearGradientsOfStates();
    int mark = arithmetic.mark();
    Matrix dx = isOmitted() ? null : unit.placeGradient(pass, dy, extent);
    boolean isWithOutputs = dx != null && arithmetic.mark() == mark;
    unit.backward(pass, dy, dx, false);
    saved = false;
    paramTable.keySet().forEach(name -> gradient.setGradientFor(name, gradTable.get(name)));
    return new Pair<>(gradient, handedBack(dx, isWithOutputs, workspaces));
  }

  /** Clears what has no gradient, masks above all, once for each place that gradients get. */
  private void clearGradientsOfStates() {
    if (cleared == gradTable) {
      return;
    }
    for (Parameter parameter : configuration().parameters()) {
      if (parameter.role() == Parameter.Role.STATE) {
        arithmetic.clear(gradTable.get(parameter.name()));
      }
    }
    cleared = gradTable;
  }

  private boolean isOmitted() {
    return inputGradientOmitted && unit.canOmitInputGradient();
  }

  private Matrix loaded(INDArray epsilon, Extent outputExtent) {
    Matrix dy = arithmetic.allocate(unit.outChannels(), outputExtent);
    arithmetic.load(epsilon.castTo(dataType), outputExtent, dy);
    return dy;
  }

  /**
   * Hands the gradient for the input over and ends what need not wait for its reader.
   *
   * @param isWithOutputs whether it lies in the memory of the gradient for the output
   */
  private INDArray handedBack(Matrix dx, boolean isWithOutputs, LayerWorkspaceMgr workspaces) {
    // What the gradient still owes is reckoned from this layer's input.
    List<Arithmetic> holders = new ArrayList<>(List.of(arithmetic));
    if (after != null && isWithOutputs) {
      holders.addAll(after.holders());
    } else if (after != null) {
      after.holders().forEach(Arithmetic::end);
    }
    if (before != null) {
      before.leaveGradient(dx, holders);
      return empty(ArrayType.ACTIVATION_GRAD, input.shape());
    }
    INDArray result = null;
    if (!inputGradientOmitted) {
      result = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape());
      arithmetic.store(dx, extent, result);
    }
    holders.forEach(Arithmetic::end);
    return result;
  }

  private void recall(Pass pass, Extent outputExtent) {
    Matrix again = arithmetic.allocate(unit.outChannels(), outputExtent);
    arithmetic.load(recalled.castTo(dataType), outputExtent, again);
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
