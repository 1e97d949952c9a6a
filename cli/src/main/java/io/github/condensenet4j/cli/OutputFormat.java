package io.github.condensenet4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a command prints its result. */
enum OutputFormat {
  /** Lines or a table for a person. */
  TEXT,
  /** One JSON document, and nothing else on standard output. */
  JSON;

  /** Reads {@code text}, {@code table} (the same) and {@code json}. */
  static final class Converter implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String word) {
      return switch (word) {
        case "text", "table" -> TEXT;
        case "json" -> JSON;
        default ->
            throw new TypeConversionException("is " + word + ", text, table or json expected");
      };
    }
  }
}
