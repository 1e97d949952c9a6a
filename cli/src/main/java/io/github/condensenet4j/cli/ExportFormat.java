package io.github.condensenet4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** In which format a model is written for other programs. */
enum ExportFormat {
  /** Open Neural Network Exchange, which ONNX Runtime and many others run. */
  ONNX;

  /** Reads {@code onnx}. */
  static final class Converter implements ITypeConverter<ExportFormat> {
    @Override
    public ExportFormat convert(String word) {
      if (word.equals("onnx")) {
        return ONNX;
      }
      throw new TypeConversionException("is " + word + ", onnx expected");
    }
  }
}
