package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Condensed networks with random weights, statistics and connections. */
final class RandomModels {

  private RandomModels() {}

  /** A network of the registry, condensed, with some knobs turned: {@code image-size=45}. */
  static ModelDescription describe(String name, String... knobs) {
    Map<Knob, String> changes = new LinkedHashMap<>();
    for (String knob : knobs) {
      String[] parts = knob.split("=", 2);
      for (Knob known : Knob.values()) {
        if (known.spelling().equals(parts[0])) {
          changes.put(known, parts[1]);
        }
      }
    }
    return ArchitectureRegistry.describe(name, changes).as(Form.CONDENSED);
  }

  /** Weights that keep activations around 1 through all layers. */
  static StateDict weights(ModelDescription model, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int inChannels = 0;
    for (TensorDescription tensor : StateDictLayout.of(model)) {
      String name = tensor.name();
      int size = (int) tensor.size();
      if (name.endsWith(".index")) {
        inChannels = channelsBefore(model, name);
        tensors.put(name, index(model, name, size, inChannels, random));
      } else if (tensor.type() == ElementType.INT64) {
        tensors.put(name, Tensor.ofLongs(new long[size], tensor.shapeArray()));
      } else {
        double deviation = 1;
        if (tensor.shape().size() > 1) {
          deviation = Math.sqrt(1.5 * tensor.shape().get(0) / size);
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          double normal = random.nextGaussian() * deviation;
          values[i] =
              (float)
                  (name.endsWith("running_var")
                      ? 0.5 + random.nextDouble()
                      : name.endsWith("norm.weight") || name.endsWith("norm_last.weight")
                          ? 0.8 + 0.2 * normal
                          : name.endsWith("bias") || name.endsWith("mean") ? 0.3 * normal : normal);
        }
        tensors.put(name, Tensor.ofFloats(values, tensor.shapeArray()));
      }
    }
    return StateDict.of(tensors);
  }

  private static int channelsBefore(ModelDescription model, String name) {
    return model.architecture().blocks().stream()
        .flatMap(
            block ->
                block.layers().stream()
                    .filter(
                        layer ->
                            name.startsWith("features." + block.name() + "." + layer.name() + ".")))
        .mapToInt(layer -> layer.inChannels())
        .findFirst()
        .orElse(model.architecture().classifierInputs());
  }

  private static Tensor index(
      ModelDescription model, String name, int size, int channels, Random random) {
    int groups = 1;
    if (name.endsWith("sfr.index")) {
      groups = ((CondenseNetV2Architecture) model.architecture()).groupTrans();
    } else if (name.endsWith("conv_1.index")) {
      groups = model.architecture().group1x1();
    }
    long[] index = new long[size];
    int share = size / groups;
    for (int group = 0; group < groups; group++) {
      int[] all = IntStream.range(0, channels).toArray();
      for (int i = 0; i < share; i++) {
        int other = i + random.nextInt(channels - i);
        int chosen = all[other];
        all[other] = all[i];
        all[i] = chosen;
      }
      Arrays.sort(all, 0, share);
      for (int i = 0; i < share; i++) {
        index[group * share + i] = all[i];
      }
    }
    return Tensor.ofLongs(index, size);
  }

  /** Images {@code [count, 3, height, width]} of numbers like normalised pixels. */
  static float[] images(int count, int height, int width, long seed) {
    Random random = new Random(seed);
    float[] images = new float[count * 3 * height * width];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) (random.nextGaussian() + Math.sin(i / 97.0));
    }
    return images;
  }
}
