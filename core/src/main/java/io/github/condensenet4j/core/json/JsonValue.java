package io.github.condensenet4j.core.json;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON value: object, list, text, number, boolean or null. Immutable.
 *
 * <p>The reading methods ({@link #get}, {@link #text}, {@link #integer} …) say where in which
 * source a value is not what it should be, so that a reader of metadata is a list of calls without
 * checks. Numbers keep their digits: what was read is written again as it was.
 */
public final class JsonValue {

  /** The longest text, in bytes, that is read from a file. */
  static final int MAX_BYTES = 1 << 26;

  /** A number by its digits, which no Java type holds in every case. */
  record Digits(String text) {}

  /** Map, List, String, Digits, Boolean or null. */
  private final Object value;

  /** Where this value stands, such as {@code stages[2]}; empty for a whole source. */
  private final String place;

  private final String source;

  JsonValue(Object value, String source, String place) {
    this.value = value;
    this.source = source;
    this.place = place;
  }

  /**
   * Reads {@code text}.
   *
   * @param source where the text comes from, for messages
   * @throws InvalidFileException if it is not exactly one JSON value with at most 64 levels and no
   *     key twice
   */
  public static JsonValue parse(String text, String source) {
    return new JsonReader(text, source).read();
  }

  /**
   * Reads {@code utf8}, a text in UTF-8.
   *
   * @param source where the text comes from, for messages
   * @throws InvalidFileException as {@link #parse(String, String)} does, or if it is not UTF-8
   */
  public static JsonValue parse(byte[] utf8, String source) {
    if (utf8.length > MAX_BYTES) {
      throw new InvalidFileException(
          source, "has " + utf8.length + " bytes of JSON, at most " + MAX_BYTES + " expected");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return parse(text, source);
    } catch (CharacterCodingException e) {
      throw new InvalidFileException(source, "is not JSON in UTF-8; save it as UTF-8", e);
    }
  }

  /**
   * Reads {@code file}, a text in UTF-8.
   *
   * @throws InvalidFileException as {@link #parse(String, String)} does, or if it cannot be read
   */
  public static JsonValue read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidFileException(
            file, "has " + Files.size(file) + " bytes, JSON of at most " + MAX_BYTES + " expected");
      }
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  /**
   * Returns the JSON for {@code value}: a map with text keys, a collection, an array of numbers, a
   * text, a number, a boolean, null, or a {@code JsonValue}, nested at will. Not-a-number and the
   * infinities, which JSON does not have, become null.
   */
  public static JsonValue of(Object value) {
    return new JsonValue(plain(value), "JSON", "");
  }

  private static Object plain(Object value) {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof JsonValue json) {
      return json.value;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      map.forEach((key, member) -> members.put((String) key, of(member)));
      return Collections.unmodifiableMap(members);
    }
    if (value instanceof Collection<?> collection) {
      List<JsonValue> elements = new ArrayList<>();
      collection.forEach(element -> elements.add(of(element)));
      return Collections.unmodifiableList(elements);
    }
    if (value instanceof Number number) {
      boolean isFinite =
          !(value instanceof Double || value instanceof Float)
              || Double.isFinite(number.doubleValue());
      return isFinite ? new Digits(number.toString()) : null;
    }
    return elements(value);
  }

  private static Object elements(Object array) {
    List<Object> boxed = new ArrayList<>();
    if (array instanceof int[] ints) {
      for (int i : ints) {
        boxed.add(i);
      }
    } else if (array instanceof float[] floats) {
      for (float f : floats) {
        boxed.add(f);
      }
    } else if (array instanceof double[] doubles) {
      for (double d : doubles) {
        boxed.add(d);
      }
    } else {
      throw new IllegalArgumentException("no JSON for " + array.getClass());
    }
    return plain(boxed);
  }

  /**
   * Returns the member called {@code key} of this object.
   *
   * @throws InvalidFileException if this is no object or has no such member
   */
  public JsonValue get(String key) {
    return find(key)
        .orElseThrow(() -> new InvalidFileException(source, here() + " has no member " + key));
  }

  /**
   * Returns the member called {@code key} of this object, if there is one that is not null.
   *
   * @throws InvalidFileException if this is no object
   */
  public Optional<JsonValue> find(String key) {
    return Optional.ofNullable(members().get(key))
        .map(member -> member.at(place.isEmpty() ? key : place + "." + key, source))
        .filter(member -> !member.isNull());
  }

  /**
   * Returns the names of this object's members, in order.
   *
   * @throws InvalidFileException if this is no object
   */
  public Set<String> keys() {
    return members().keySet();
  }

  /**
   * Returns the elements of this list.
   *
   * @throws InvalidFileException if this is no list
   */
  public List<JsonValue> list() {
    if (!(value instanceof List<?> elements)) {
      throw unexpected("a list");
    }
    List<JsonValue> placed = new ArrayList<>();
    for (Object element : elements) {
      placed.add(((JsonValue) element).at(place + "[" + placed.size() + "]", source));
    }
    return Collections.unmodifiableList(placed);
  }

  /**
   * Returns the elements of this list of whole numbers.
   *
   * @throws InvalidFileException if this is none
   */
  public int[] integers() {
    return list().stream().mapToInt(JsonValue::integer).toArray();
  }

  /**
   * Returns the elements of this list of texts.
   *
   * @throws InvalidFileException if this is none
   */
  public List<String> texts() {
    return list().stream().map(JsonValue::text).toList();
  }

  /**
   * Returns the elements of this list of numbers.
   *
   * @throws InvalidFileException if this is none
   */
  public double[] numbers() {
    return list().stream().mapToDouble(JsonValue::number).toArray();
  }

  /**
   * Returns this text.
   *
   * @throws InvalidFileException if this is none
   */
  public String text() {
    if (value instanceof String text) {
      return text;
    }
    throw unexpected("a text");
  }

  /**
   * Returns this boolean.
   *
   * @throws InvalidFileException if this is none
   */
  public boolean bool() {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw unexpected("true or false");
  }

  /**
   * Returns this number, rounded to the nearest double.
   *
   * @throws InvalidFileException if this is none
   */
  public double number() {
    if (value instanceof Digits digits) {
      return Double.parseDouble(digits.text);
    }
    throw unexpected("a number");
  }

  /**
   * Returns this whole number.
   *
   * @throws InvalidFileException if this is none, or beyond 32 bits
   */
  public int integer() {
    long number = longInteger();
    if (number != (int) number) {
      throw unexpected("a number between -2^31 and 2^31 - 1");
    }
    return (int) number;
  }

  /**
   * Returns this whole number, written without fraction or exponent.
   *
   * @throws InvalidFileException if this is none, or beyond 64 bits
   */
  public long longInteger() {
    if (value instanceof Digits digits) {
      try {
        return Long.parseLong(digits.text);
      } catch (NumberFormatException e) {
        throw unexpected("a whole number");
      }
    }
    throw unexpected("a whole number");
  }

  /** Tells whether this is null. */
  public boolean isNull() {
    return value == null;
  }

  /** Tells whether this is an object. */
  public boolean isObject() {
    return value instanceof Map;
  }

  /** Tells whether this is a list. */
  public boolean isList() {
    return value instanceof List;
  }

  /** Tells whether this is a text. */
  public boolean isText() {
    return value instanceof String;
  }

  /** Tells whether this is a number. */
  public boolean isNumber() {
    return value instanceof Digits;
  }

  /** Tells whether this is a boolean. */
  public boolean isBool() {
    return value instanceof Boolean;
  }

  /** Returns this value as text of several lines, indented, ending with a line break. */
  public String pretty() {
    return new JsonWriter(true).write(value) + "\n";
  }

  /** Returns this value as one line. */
  @Override
  public String toString() {
    return new JsonWriter(false).write(value);
  }

  /** Two values are equal if they would be written alike, whatever the order of members. */
  @Override
  public boolean equals(Object other) {
    return other instanceof JsonValue that && Objects.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }

  Object value() {
    return value;
  }

  private JsonValue at(String newPlace, String newSource) {
    return new JsonValue(value, newSource, newPlace);
  }

  @SuppressWarnings("unchecked") // Only maps from String to JsonValue are ever held.
  private Map<String, JsonValue> members() {
    if (value instanceof Map) {
      return (Map<String, JsonValue>) value;
    }
    throw unexpected("an object");
  }

  private String here() {
    return place.isEmpty() ? "the whole" : place;
  }

  /**
   * Returns the exception to throw when this value is not what its reader expects.
   *
   * @param expected what would be, such as {@code a list} or {@code c or f}
   */
  public InvalidFileException unexpected(String expected) {
    String found = toString();
    return new InvalidFileException(
        source,
        here()
            + " is "
            + (found.length() <= 40 ? found : found.substring(0, 40) + "…")
            + ", "
            + expected
            + " expected");
  }
}
