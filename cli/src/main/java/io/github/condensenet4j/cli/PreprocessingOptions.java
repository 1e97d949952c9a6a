package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How pictures are brought to the network. What is left out is as the data or the model has it. */
final class PreprocessingOptions {

  @Option(
      names = "--mean",
      arity = "1..3",
      split = ",",
      paramLabel = "F",
      description = "Means of red, green and blue on the scale 0 to 1, which are subtracted.")
  private List<Double> mean;

  @Option(
      names = "--std",
      arity = "1..3",
      split = ",",
      paramLabel = "F",
      description = "Standard deviations of red, green and blue, by which is divided.")
  private List<Double> std;

  @Option(
      names = "--crop-pct",
      paramLabel = "F",
      description = "Share of the resized picture's shorter side that is cut out of its middle.")
  private Double cropPct;

  @Option(
      names = "--interpolation",
      paramLabel = "bilinear|bicubic",
      description = "How pictures are resized.")
  private String interpolation;

  /** Returns {@code usual} with what is given here instead. */
  Preprocessing over(Preprocessing usual) {
    return new Preprocessing(
        mean == null ? usual.mean() : perChannel("--mean", mean),
        std == null ? usual.std() : perChannel("--std", std),
        usual.imageSize(),
        cropPct == null ? usual.cropPct() : cropPct,
        interpolation == null ? usual.interpolation() : Interpolation.ofWord(interpolation));
  }

  /** Puts what is given into {@code arguments}, to repeat it. */
  void recordIn(Map<String, Object> arguments) {
    if (mean != null) {
      arguments.put("mean", mean);
    }
    if (std != null) {
      arguments.put("std", std);
    }
    if (cropPct != null) {
      arguments.put("crop-pct", cropPct);
    }
    if (interpolation != null) {
      arguments.put("interpolation", interpolation);
    }
  }

  /** One number stands for all three channels, as in the official scripts. */
  private static List<Double> perChannel(String option, List<Double> values) {
    return switch (values.size()) {
      case 1 -> List.of(values.get(0), values.get(0), values.get(0));
      case 3 -> values;
      default -> throw new InvalidOptionException(option, "one number or three", values);
    };
  }
}
