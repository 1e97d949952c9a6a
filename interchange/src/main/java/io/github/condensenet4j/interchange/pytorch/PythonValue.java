package io.github.condensenet4j.interchange.pytorch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value from a pickle, inert: data that can be looked at and does nothing.
 *
 * <p>A checkpoint's values form a graph without cycles, at most {@link #MAX_DEPTH} levels deep, but
 * one value may stand in many places. So equality is identity, except that of {@link Scalar}s.
 */
public sealed interface PythonValue
    permits PythonValue.Scalar,
        PythonValue.Bytes,
        PythonValue.Sequence,
        PythonValue.Dictionary,
        PythonValue.Instance,
        PythonValue.Global,
        PythonTensor,
        StorageView,
        NumpyDtype {

  /** The most levels of values within values. */
  int MAX_DEPTH = 64;

  /**
   * A number, text, boolean or None.
   *
   * @param value a Long, BigInteger (beyond 64 bits), Double, String or Boolean, or null for None
   */
  record Scalar(Object value) implements PythonValue {}

  /** The bytes of a Python {@code bytes}. */
  final class Bytes implements PythonValue {
    private final byte[] value;

    Bytes(byte[] value) {
      this.value = value;
    }

    /** Returns a copy of the bytes. */
    public byte[] value() {
      return value.clone();
    }
  }

  /** A list, tuple or set, in the order of the file. */
  final class Sequence implements PythonValue {

    /** What Python calls a sequence. */
    public enum Kind {
      /** {@code [1, 2]}. */
      LIST,
      /** {@code (1, 2)}. */
      TUPLE,
      /** {@code {1, 2}}. */
      SET
    }

    private final Kind kind;
    private final List<PythonValue> items;

    Sequence(Kind kind, List<PythonValue> items) {
      this.kind = kind;
      this.items = items;
    }

    /** Returns what Python calls it. */
    public Kind kind() {
      return kind;
    }

    /** Returns the items; not modifiable. */
    public List<PythonValue> items() {
      return Collections.unmodifiableList(items);
    }

    void add(List<PythonValue> more) {
      items.addAll(more);
    }
  }

  /** A dictionary, in the order of the file. */
  final class Dictionary implements PythonValue {
    /** Keyed by texts and numbers themselves: being comparable, they cannot be chosen to clash. */
    private final Map<Object, PythonValue> entries = new LinkedHashMap<>();

    Dictionary() {}

    /** Returns the entries by key, which is the value of a {@link Scalar}; not modifiable. */
    public Map<Object, PythonValue> entries() {
      return Collections.unmodifiableMap(entries);
    }

    /** Returns the value under the text {@code key}, if there is one. */
    public Optional<PythonValue> find(String key) {
      return Optional.ofNullable(entries.get(key));
    }

    void put(Scalar key, PythonValue value) {
      entries.put(key.value(), value);
    }
  }

  /** An object of a class that is known to hold plain data, such as {@code argparse.Namespace}. */
  final class Instance implements PythonValue {
    private final String className;
    private final Map<String, PythonValue> attributes = new LinkedHashMap<>();

    Instance(String className) {
      this.className = className;
    }

    /** Returns the Python class, with its module. */
    public String className() {
      return className;
    }

    /** Returns the attributes by name; not modifiable. */
    public Map<String, PythonValue> attributes() {
      return Collections.unmodifiableMap(attributes);
    }

    void put(String name, PythonValue value) {
      attributes.put(name, value);
    }
  }

  /**
   * The bare name of a Python function or class from the list of those that are known.
   *
   * @param name its name, with its module
   */
  record Global(String name) implements PythonValue {}
}
