package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;

/** The name of a network as command lines spell it. */
final class ModelName {

  private static final String OFFICIAL_PACKAGE = "condensenetv2.";
  private static final String OFFICIAL_SUFFIX = "_converted";

  private ModelName() {}

  /**
   * Returns the name that is given, by position or by {@code --model}.
   *
   * @throws InvalidOptionException if there is none, or two that differ
   */
  static String of(String position, String option) {
    if (position == null && option == null) {
      throw new InvalidOptionException("the name of a model is missing; 'models' lists them");
    }
    if (position != null && option != null && !position.equals(option)) {
      throw new InvalidOptionException(
          "two models are named, " + position + " and " + option + "; one is expected");
    }
    return unofficial(position != null ? position : option);
  }

  /**
   * Returns the name in the registry for one that the official scripts use: {@code
   * condensenetv2.cdnv2_a} is {@code cdnv2_a}, {@code condensenet_converted} is {@code
   * converted_condensenet}.
   */
  static String unofficial(String name) {
    String plain =
        name.startsWith(OFFICIAL_PACKAGE) ? name.substring(OFFICIAL_PACKAGE.length()) : name;
    return plain.endsWith(OFFICIAL_SUFFIX)
        ? "converted_" + plain.substring(0, plain.length() - OFFICIAL_SUFFIX.length())
        : plain;
  }
}
