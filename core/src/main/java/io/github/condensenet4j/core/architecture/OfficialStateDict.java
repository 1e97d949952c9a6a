package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The way from state dictionaries of official checkpoints to ours, and back.
 *
 * <p>Names are the same. Official indices of condensed reactivations are dense matrices {@code
 * [filters, filters]} with one 1 a row, ours are the columns of those ones; old checkpoints lack
 * {@code num_batches_tracked}; some hold other floating-point types.
 */
public final class OfficialStateDict {

  private OfficialStateDict() {}

  /** Returns the form in which {@code network} has tensors of these names. */
  public static Form formOf(Architecture network, StateDict official) {
    boolean isCondensed = official.names().stream().anyMatch(name -> name.endsWith("conv_1.index"));
    if (!isCondensed) {
      return Form.TRAINABLE;
    }
    boolean isWhole =
        network instanceof CondenseNetArchitecture && official.contains("classifier.weight");
    return isWhole ? Form.CONDENSED_WHOLE_CLASSIFIER : Form.CONDENSED;
  }

  /**
   * Returns the tensors of {@code model} from those of an official checkpoint, in the order and
   * with the types of {@link StateDictLayout}.
   *
   * @throws CondenseNetException naming the first tensor that is missing, too many, of another
   *     shape, or no index
   */
  public static StateDict adopt(ModelDescription model, StateDict official) {
    Map<String, Tensor> left = new LinkedHashMap<>(official.asMap());
    Map<String, Tensor> adopted = new LinkedHashMap<>();
    for (TensorDescription expected : StateDictLayout.of(model)) {
      Tensor found = left.remove(expected.name());
      if (found == null && expected.name().endsWith(".num_batches_tracked")) {
        found = Tensor.ofLongs(new long[] {0});
      }
      if (found != null) {
        adopted.put(expected.name(), adopt(expected, found));
      }
    }
    adopted.putAll(left);
    StateDict ours = StateDict.of(adopted);
    StateDictLayout.check(model, ours);
    return ours;
  }

  /** Returns {@code ours}, tensors of {@code model}, as an official checkpoint holds them. */
  public static StateDict export(ModelDescription model, StateDict ours) {
    StateDictLayout.check(model, ours);
    Map<String, Tensor> official = new LinkedHashMap<>(ours.asMap());
    official.replaceAll((name, tensor) -> isReactivationIndex(name) ? matrix(tensor) : tensor);
    return StateDict.of(official);
  }

  private static Tensor adopt(TensorDescription expected, Tensor found) {
    if (isReactivationIndex(expected.name()) && found.shape().length == 2) {
      return columnsOfOnes(expected.name(), found);
    }
    int[] shape = found.shape();
    // A scalar came out of some versions as a vector of one element.
    boolean isScalar = expected.shape().isEmpty() && found.size() == 1;
    int[] adoptedShape = isScalar ? new int[0] : shape;
    return expected.type() == ElementType.INT64
        ? Tensor.ofLongs(found.toLongs(), adoptedShape)
        : Tensor.ofFloats(found.toFloats(), adoptedShape);
  }

  private static boolean isReactivationIndex(String name) {
    return name.endsWith(".sfr.index");
  }

  private static Tensor columnsOfOnes(String name, Tensor matrix) {
    int rows = matrix.size(0);
    int columns = matrix.size(1);
    float[] values = matrix.toFloats();
    long[] index = new long[rows];
    for (int row = 0; row < rows; row++) {
      int ones = 0;
      for (int column = 0; column < columns; column++) {
        float value = values[row * columns + column];
        if (value == 1) {
          index[row] = column;
          ones++;
        } else if (value != 0) {
          throw new CondenseNetException(
              "%s[%d, %d] is %s, 0 or 1 expected".formatted(name, row, column, value));
        }
      }
      if (ones != 1) {
        throw new CondenseNetException(
            "row %d of %s has %d ones, exactly one expected".formatted(row, name, ones));
      }
    }
    return Tensor.ofLongs(index, rows);
  }

  private static Tensor matrix(Tensor index) {
    long[] columns = index.toLongs();
    float[] values = new float[Math.multiplyExact(columns.length, columns.length)];
    for (int row = 0; row < columns.length; row++) {
      values[row * columns.length + (int) columns[row]] = 1;
    }
    return Tensor.ofFloats(values, columns.length, columns.length);
  }
}
