package io.github.condensenet4j.interchange.safetensors;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a header says of one tensor, checked.
 *
 * @param name its name
 * @param type its elements
 * @param shape its shape
 * @param begin where its bytes begin, after the header
 * @param end where they end
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record TensorEntry(String name, ElementType type, int[] shape, long begin, long end) {

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("F64", ElementType.FLOAT64),
          Map.entry("F32", ElementType.FLOAT32),
          Map.entry("F16", ElementType.FLOAT16),
          Map.entry("BF16", ElementType.BFLOAT16),
          Map.entry("I64", ElementType.INT64),
          Map.entry("I32", ElementType.INT32),
          Map.entry("I16", ElementType.INT16),
          Map.entry("I8", ElementType.INT8),
          Map.entry("U8", ElementType.UINT8),
          Map.entry("BOOL", ElementType.BOOL));

  /** Returns the name of a type. */
  static String dtypeOf(ElementType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Reads an entry.
   *
   * @throws InvalidFileException if type, shape and place do not agree
   */
  static TensorEntry of(String name, JsonValue json, Path file) {
    String dtype = json.get("dtype").text();
    ElementType type = TYPES.get(dtype);
    if (type == null) {
      throw new InvalidFileException(
          file,
          "tensor %s has type %s, one of %s expected"
              .formatted(
                  name, dtype, String.join(", ", TYPES.keySet().stream().sorted().toList())));
    }
    List<JsonValue> sizes = json.get("shape").list();
    List<JsonValue> offsets = json.get("data_offsets").list();
    if (offsets.size() != 2) {
      throw new InvalidFileException(
          file, "tensor " + name + " has " + offsets.size() + " offsets, 2 expected");
    }
    long begin = offsets.get(0).longInteger();
    long end = offsets.get(1).longInteger();
    int[] shape = new int[sizes.size()];
    long bytes = type.bytes();
    for (int d = 0; d < shape.length; d++) {
      shape[d] = sizes.get(d).integer();
      if (shape[d] < 0) {
        throw new InvalidFileException(file, "tensor " + name + " has a negative size");
      }
      // A product that does not fit is larger than any file.
      bytes = shape[d] == 0 || bytes <= Long.MAX_VALUE / shape[d] ? bytes * shape[d] : -1;
      if (bytes < 0) {
        break;
      }
    }
    if (begin < 0 || end < begin || end - begin != bytes || bytes > Integer.MAX_VALUE - 8) {
      throw new InvalidFileException(
          file,
          "tensor %s is from byte %d to %d, %s bytes of its type and shape expected"
              .formatted(name, begin, end, bytes < 0 ? "too many" : bytes));
    }
    return new TensorEntry(name, type, shape, begin, end);
  }

  int byteCount() {
    return (int) (end - begin);
  }
}
