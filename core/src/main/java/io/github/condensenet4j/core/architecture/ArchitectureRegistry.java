package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The networks that have a name.
 *
 * <p>The prefix {@code converted_} before any name means the condensed form. {@code cdnv2} and
 * {@code condensenet} are small networks for 32×32 images, meant to be changed by their knobs.
 */
public final class ArchitectureRegistry {

  private static final int CIFAR_SIZE = 32;
  private static final int CIFAR_CLASSES = 10;
  private static final int IMAGENET_SIZE = 224;
  private static final int IMAGENET_CLASSES = 1000;

  private static final Map<String, Architecture> NETWORKS = networks();

  private ArchitectureRegistry() {}

  /** Returns all names without prefix, in order. */
  public static Set<String> names() {
    return NETWORKS.keySet();
  }

  /** Returns one line on what the network called {@code name} is and where it comes from. */
  public static String summary(String name) {
    return switch (name) {
      case "cdnv2_110", "cdnv2_146" ->
          "CondenseNetV2 for CIFAR, reconstructed: its authors never published the configuration";
      case CondenseNetV2Architecture.FAMILY -> "CondenseNetV2 with free knobs";
      case CondenseNetArchitecture.FAMILY -> "CondenseNet with free knobs";
      default ->
          (get(name) instanceof CondenseNetV2Architecture ? "CondenseNetV2" : "CondenseNet")
              + (get(name).imageSize() == CIFAR_SIZE ? " for CIFAR" : " for ImageNet");
    };
  }

  /**
   * Returns the numbers of the network called {@code name}.
   *
   * @throws ArchitectureException naming the nearest names if there is none
   */
  public static Architecture get(String name) {
    Architecture network = NETWORKS.get(name);
    if (network == null) {
      throw unknown(name);
    }
    return network;
  }

  /** Returns the network called {@code name}, condensed if {@code converted_} stands before it. */
  public static ModelDescription describe(String name) {
    return describe(name, Map.of());
  }

  /**
   * Returns the network called {@code name} with some knobs turned.
   *
   * @param name a name, with {@code converted_} before it for the condensed form
   * @param knobs values as {@link Architecture#with} reads them
   * @throws ArchitectureException if there is no such name or the numbers clash
   */
  public static ModelDescription describe(String name, Map<Knob, String> knobs) {
    boolean converted = name.startsWith(ModelDescription.CONVERTED);
    String base = converted ? name.substring(ModelDescription.CONVERTED.length()) : name;
    if (!NETWORKS.containsKey(base)) {
      throw unknown(name);
    }
    return new ModelDescription(
        base, get(base).with(knobs), converted ? Form.CONDENSED : Form.TRAINABLE);
  }

  private static ArchitectureException unknown(String name) {
    return new ArchitectureException(
        "no model is called "
            + name
            + "; the nearest names are "
            + String.join(", ", nearest(name)));
  }

  /** Returns the three names, prefixed as {@code name} is, that differ least from it. */
  private static List<String> nearest(String name) {
    String prefix = name.startsWith(ModelDescription.CONVERTED) ? ModelDescription.CONVERTED : "";
    return NETWORKS.keySet().stream()
        .map(known -> prefix + known)
        .sorted(Comparator.comparingInt(known -> distance(known, name)))
        .limit(3)
        .toList();
  }

  /** Returns how many letters must be put in, left out or changed to make one text the other. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int above = row[j];
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[to.length()];
  }

  private static Map<String, Architecture> networks() {
    Map<String, Architecture> networks = new LinkedHashMap<>();
    networks.put("cdnv2_a", imageNetV2(List.of(1, 1, 4, 6, 8), List.of(8, 8, 16, 32, 64), 8, 828));
    networks.put(
        "cdnv2_b", imageNetV2(List.of(2, 4, 6, 8, 6), List.of(6, 12, 24, 48, 96), 6, 1024));
    networks.put(
        "cdnv2_c", imageNetV2(List.of(4, 6, 8, 10, 8), List.of(8, 16, 32, 64, 128), 8, 1024));
    networks.put("cdnv2_110", cifarV2(18));
    networks.put("cdnv2_146", cifarV2(24));
    networks.put("condensenet_50", cifar(8, List.of(8, 16, 32)));
    networks.put("condensenet_74", cifar(12, List.of(8, 16, 32)));
    networks.put("condensenet_86", cifar(14, List.of(8, 16, 32)));
    networks.put("condensenet_98", cifar(16, List.of(8, 16, 32)));
    networks.put("condensenet_110", cifar(18, List.of(8, 16, 32)));
    networks.put("condensenet_122", cifar(20, List.of(8, 16, 32)));
    networks.put("condensenet_182", cifar(30, List.of(12, 24, 48)));
    networks.put("condensenet_74_g4", imageNet(4));
    networks.put("condensenet_74_g8", imageNet(8));
    networks.put(
        CondenseNetV2Architecture.FAMILY,
        new CondenseNetV2Architecture(
            List.of(4, 4, 4),
            List.of(8, 16, 32),
            4,
            4,
            4,
            4,
            4,
            4,
            1,
            2,
            16,
            64,
            0,
            CIFAR_CLASSES,
            CIFAR_SIZE,
            1));
    networks.put(CondenseNetArchitecture.FAMILY, cifar(4, List.of(8, 16, 32)));
    return Collections.unmodifiableMap(networks);
  }

  /** CondenseNetV2, table 2: one number of groups everywhere. */
  private static Architecture imageNetV2(
      List<Integer> stages, List<Integer> growth, int groups, int fcChannel) {
    return new CondenseNetV2Architecture(
        stages,
        growth,
        4,
        groups,
        groups,
        groups,
        groups,
        groups,
        2,
        3,
        16,
        fcChannel,
        0,
        IMAGENET_CLASSES,
        IMAGENET_SIZE,
        2);
  }

  /**
   * CondenseNetV2 for CIFAR as the published costs allow to reconstruct it: no hard-swish, no inner
   * squeeze-and-excitation, no hidden layer.
   */
  private static Architecture cifarV2(int layers) {
    return new CondenseNetV2Architecture(
        List.of(layers, layers, layers),
        List.of(8, 16, 32),
        2,
        8,
        4,
        8,
        8,
        8,
        3,
        3,
        16,
        0,
        0,
        CIFAR_CLASSES,
        CIFAR_SIZE,
        1);
  }

  private static Architecture cifar(int layers, List<Integer> growth) {
    return new CondenseNetArchitecture(
        List.of(layers, layers, layers), growth, 4, 4, 4, 4, 0, CIFAR_CLASSES, CIFAR_SIZE, 1);
  }

  private static Architecture imageNet(int groups) {
    return new CondenseNetArchitecture(
        List.of(4, 6, 8, 10, 8),
        List.of(8, 16, 32, 64, 128),
        4,
        groups,
        groups,
        groups,
        0,
        IMAGENET_CLASSES,
        IMAGENET_SIZE,
        2);
  }
}
