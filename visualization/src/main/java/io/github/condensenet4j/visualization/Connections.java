package io.github.condensenet4j.visualization;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.visualization.ConnectionMap.Cell;
import io.github.condensenet4j.visualization.ConnectionMap.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the connections between layers out of a network's weights, converted or not. */
final class Connections {

  private final ModelDescription model;
  private final StateDict weights;

  /**
   * Looks at {@code weights}.
   *
   * @throws io.github.condensenet4j.core.CondenseNetException if they are not the model's
   */
  Connections(ModelDescription model, StateDict weights) {
    StateDictLayout.check(model, weights);
    this.model = model;
    this.weights = weights;
  }

  /** Returns the maps of all blocks, for CondenseNetV2 two of each block. */
  List<ConnectionMap> maps() {
    List<ConnectionMap> maps = new ArrayList<>();
    for (DenseBlockDescription block : model.architecture().blocks()) {
      for (Kind kind : kinds()) {
        maps.add(map(block, kind));
      }
    }
    return maps;
  }

  private List<Kind> kinds() {
    return model.architecture() instanceof CondenseNetV2Architecture
        ? List.of(Kind.LEARNED, Kind.REACTIVATION)
        : List.of(Kind.LEARNED);
  }

  private ConnectionMap map(DenseBlockDescription block, Kind kind) {
    int layers = block.layers().size();
    List<String> features = new ArrayList<>(List.of("input"));
    List<String> names = new ArrayList<>();
    for (int l = 1; l <= layers; l++) {
      names.add(String.valueOf(l));
      features.add(String.valueOf(l));
    }
    // What the last layer adds is seen by the next block only.
    features.remove(layers);
    List<List<Cell>> cells = new ArrayList<>();
    for (int feature = 0; feature < layers; feature++) {
      cells.add(new ArrayList<>());
    }
    for (int l = 0; l < layers; l++) {
      LayerWeights found = read(block, block.layers().get(l), kind);
      for (int feature = 0; feature < layers; feature++) {
        boolean isSeen = feature <= l;
        int from = feature == 0 ? 0 : block.inChannels() + (feature - 1) * block.growth();
        int to = block.inChannels() + feature * block.growth();
        cells.get(feature).add(isSeen ? found.cell(from, to) : null);
      }
    }
    return new ConnectionMap(block.name(), kind, features, names, cells);
  }

  /**
   * What one convolution does with each earlier channel.
   *
   * @param strength sum of absolute weights of each channel
   * @param kept number of weights of each channel that are kept
   * @param each number of weights that a channel had at first
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record LayerWeights(double[] strength, long[] kept, int each) {

    Cell cell(int from, int to) {
      double all = (double) (to - from) * each;
      return new Cell(
          Arrays.stream(strength, from, to).sum() / all, Arrays.stream(kept, from, to).sum() / all);
    }

    void add(int channel, float weight) {
      strength[channel] += Math.abs(weight);
      kept[channel]++;
    }
  }

  private LayerWeights read(DenseBlockDescription block, DenseLayerDescription layer, Kind kind) {
    String name = "features." + block.name() + "." + layer.name();
    boolean isLearned = kind == Kind.LEARNED;
    String convolution = name + (isLearned ? ".conv_1" : ".sfr");
    int others = isLearned ? layer.bottleneckChannels() : layer.growth();
    int channels = layer.inChannels();
    LayerWeights found = new LayerWeights(new double[channels], new long[channels], others);
    float[] values = weights.get(convolution + ".conv.weight").toFloats();
    if (model.form().isCondensed()) {
      long[] index = weights.get(convolution + ".index").toLongs();
      addCondensed(found, isLearned, values, index, others);
    } else {
      float[] mask = weights.get(convolution + "._mask").toFloats();
      for (int i = 0; i < values.length; i++) {
        if (mask[i] != 0) {
          // Both are [out, in]: earlier channels are inputs of one and outputs of the other.
          found.add(isLearned ? i % channels : i / others, values[i]);
        }
      }
    }
    return found;
  }

  private void addCondensed(
      LayerWeights found, boolean isLearned, float[] values, long[] index, int others) {
    int depth = isLearned ? values.length / others : values.length / index.length;
    int rowsOfGroup = others / model.architecture().group1x1();
    for (int i = 0; i < values.length; i++) {
      int row = i / depth;
      int place = isLearned ? row / rowsOfGroup * depth + i % depth : row;
      found.add(Math.toIntExact(index[place]), values[i]);
    }
  }

  Architecture architecture() {
    return model.architecture();
  }
}
