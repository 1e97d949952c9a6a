package io.github.condensenet4j.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** In which format a model is written for other programs. */
enum ExportFormat {
  /** Open Neural Network Exchange, which ONNX Runtime and many others run. */
  ONNX,
  /** A checkpoint that the official code loads. */
  PYTORCH,
  /** The official code's tensors, in the safetensors format. */
  SAFETENSORS,
  /** The official code's tensors, as a numpy archive. */
  NPZ,
  /** ND4J's graph of operations, in its FlatBuffers format. */
  SAMEDIFF;

  /** Reads the formats' names. */
  static final class Converter implements ITypeConverter<ExportFormat> {
    @Override
    public ExportFormat convert(String word) {
      return Arrays.stream(values())
          .filter(format -> format.toString().equals(word))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("is " + word + ", " + names() + " expected"));
    }

    private static String names() {
      return Arrays.stream(values()).map(ExportFormat::toString).collect(Collectors.joining(", "));
    }
  }

  /** Returns the option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
