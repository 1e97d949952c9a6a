package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a tensor lies among the coefficients of a model file.
 *
 * @param name official name
 * @param shape length of each dimension; empty for a scalar
 * @param type type that the tensor has by rights; the coefficients are floating-point numbers
 * @param isFortran whether the first index runs fastest among the coefficients; else the last does
 * @param offset first coefficient, counted in elements
 */
public record TensorPlace(
    String name, List<Integer> shape, ElementType type, boolean isFortran, long offset) {

  public TensorPlace {
    shape = List.copyOf(shape);
  }

  /** Returns the number of elements. */
  public long size() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  JsonValue toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", name);
    members.put("shape", shape);
    members.put("type", type.name());
    members.put("order", isFortran ? "f" : "c");
    members.put("offset", offset);
    return JsonValue.of(members);
  }

  static TensorPlace fromJson(JsonValue json) {
    ElementType type =
        switch (json.get("type").text()) {
          case "FLOAT32" -> ElementType.FLOAT32;
          case "INT64" -> ElementType.INT64;
          default -> throw json.get("type").unexpected("FLOAT32 or INT64");
        };
    boolean isFortran =
        switch (json.get("order").text()) {
          case "c" -> false;
          case "f" -> true;
          default -> throw json.get("order").unexpected("c or f");
        };
    List<Integer> shape = json.get("shape").list().stream().map(JsonValue::integer).toList();
    return new TensorPlace(
        json.get("name").text(), shape, type, isFortran, json.get("offset").longInteger());
  }
}
