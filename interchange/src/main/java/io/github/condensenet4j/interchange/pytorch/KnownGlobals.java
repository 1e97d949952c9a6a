package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Bytes;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Global;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Instance;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Scalar;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The only Python names that a checkpoint may use, and what they make here.
 *
 * <ul>
 *   <li>tensors: {@code torch._utils._rebuild_tensor}, {@code _rebuild_tensor_v2}, {@code
 *       _rebuild_tensor_v3}, {@code _rebuild_parameter}, the storage and element types of {@link
 *       ElementType}, {@code torch.Size}, {@code torch.device}
 *   <li>plain data: {@code collections.OrderedDict}, {@code argparse.Namespace}, {@code set},
 *       {@code frozenset}, {@code _codecs.encode} (how protocol 2 spells bytes)
 *   <li>numpy scalars: {@code numpy.dtype}, {@code numpy.core.multiarray.scalar}
 * </ul>
 *
 * No Python class behind these names is looked up; each is a case below.
 */
final class KnownGlobals {

  /** The most values that calls may copy from one container to another, in all. */
  private static final int MAX_COPIED = 1 << 21;

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.FloatStorage", ElementType.FLOAT32),
          Map.entry("torch.DoubleStorage", ElementType.FLOAT64),
          Map.entry("torch.HalfStorage", ElementType.FLOAT16),
          Map.entry("torch.BFloat16Storage", ElementType.BFLOAT16),
          Map.entry("torch.LongStorage", ElementType.INT64),
          Map.entry("torch.IntStorage", ElementType.INT32),
          Map.entry("torch.ShortStorage", ElementType.INT16),
          Map.entry("torch.CharStorage", ElementType.INT8),
          Map.entry("torch.ByteStorage", ElementType.UINT8),
          Map.entry("torch.BoolStorage", ElementType.BOOL));

  private static final Set<String> UNTYPED_STORAGES =
      Set.of("torch.UntypedStorage", "torch.storage.UntypedStorage");

  private static final Map<String, ElementType> DTYPES =
      Map.ofEntries(
          Map.entry("torch.float32", ElementType.FLOAT32),
          Map.entry("torch.float64", ElementType.FLOAT64),
          Map.entry("torch.float16", ElementType.FLOAT16),
          Map.entry("torch.bfloat16", ElementType.BFLOAT16),
          Map.entry("torch.int64", ElementType.INT64),
          Map.entry("torch.int32", ElementType.INT32),
          Map.entry("torch.int16", ElementType.INT16),
          Map.entry("torch.int8", ElementType.INT8),
          Map.entry("torch.uint8", ElementType.UINT8),
          Map.entry("torch.bool", ElementType.BOOL));

  private static final String NAMESPACE = "argparse.Namespace";

  private static final Set<String> FUNCTIONS =
      Set.of(
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_tensor_v3",
          "torch._utils._rebuild_parameter",
          "torch.Size",
          "torch.device",
          "collections.OrderedDict",
          NAMESPACE,
          "builtins.set",
          "builtins.frozenset",
          "_codecs.encode",
          "numpy.dtype",
          "numpy.core.multiarray.scalar");

  private final String source;
  private int copied;

  KnownGlobals(String source) {
    this.source = source;
  }

  /**
   * Returns the global {@code name} of {@code module}.
   *
   * @throws InvalidFileException if it is not on the list
   */
  Global named(String module, String name) {
    String full =
        switch (module) {
          // What Python 2 and numpy 2 call them.
          case "__builtin__" -> "builtins." + name;
          case "numpy._core.multiarray" -> "numpy.core.multiarray." + name;
          default -> module + "." + name;
        };
    if (!FUNCTIONS.contains(full)
        && !STORAGES.containsKey(full)
        && !UNTYPED_STORAGES.contains(full)
        && !DTYPES.containsKey(full)) {
      throw new InvalidFileException(
          source,
          "names the Python global "
              + printable(module + "." + name)
              + ", which weights do not need and which is not run; the file may be hostile, or"
              + " holds a whole model: save its state_dict instead");
    }
    return new Global(full);
  }

  /** Returns the type of the elements of storage class {@code global}, or null if it is none. */
  static ElementType storageType(Global global) {
    return isUntypedStorage(global) ? ElementType.UINT8 : STORAGES.get(global.name());
  }

  /** Tells whether {@code global} is the storage class without an element type. */
  static boolean isUntypedStorage(Global global) {
    return UNTYPED_STORAGES.contains(global.name());
  }

  /**
   * Returns what calling {@code function} with {@code arguments} makes.
   *
   * @throws InvalidFileException if it does not take such arguments
   */
  PythonValue call(Global function, List<PythonValue> arguments) {
    PythonValue made =
        switch (function.name()) {
          case "torch._utils._rebuild_tensor" -> tensor(arguments, 4);
          case "torch._utils._rebuild_tensor_v2" -> tensor(arguments, 6);
          case "torch._utils._rebuild_tensor_v3" -> tensor(arguments, 7);
          case "torch._utils._rebuild_parameter" -> parameter(arguments);
          case "torch.Size" -> sequence(Kind.TUPLE, arguments);
          case "torch.device" -> device(arguments);
          case "collections.OrderedDict" -> dictionary(arguments);
          case NAMESPACE -> arguments.isEmpty() ? new Instance(NAMESPACE) : null;
          case "builtins.set", "builtins.frozenset" -> sequence(Kind.SET, arguments);
          case "_codecs.encode" -> encoded(arguments);
          case "numpy.dtype" -> dtype(arguments);
          case "numpy.core.multiarray.scalar" -> numpyScalar(arguments);
          default -> null;
        };
    if (made == null) {
      throw unusual(function.name());
    }
    return made;
  }

  /**
   * Gives {@code object} the {@code state} that was pickled apart from it.
   *
   * @throws InvalidFileException if it does not take such a state
   */
  void build(PythonValue object, PythonValue state) {
    if (object instanceof Dictionary && state instanceof Dictionary) {
      // The attributes of an OrderedDict: PyTorch keeps version numbers of modules there.
      return;
    }
    if (object instanceof Instance instance && state instanceof Dictionary attributes) {
      count(attributes.entries().size());
      attributes.entries().forEach((key, value) -> instance.put(text(new Scalar(key)), value));
      return;
    }
    if (object instanceof NumpyDtype dtype
        && state instanceof Sequence items
        && items.items().size() >= 2) {
      dtype.setByteOrder(text(items.items().get(1)));
      return;
    }
    throw unusual("the state of an object");
  }

  private PythonValue tensor(List<PythonValue> arguments, int atLeast) {
    if (arguments.size() < atLeast || !(arguments.get(0) instanceof StorageView view)) {
      return null;
    }
    ElementType type = view.storage().type();
    if (atLeast == 7) {
      type = arguments.get(6) instanceof Global dtype ? DTYPES.get(dtype.name()) : null;
    }
    return type == null
        ? null
        : PythonTensor.of(
            type,
            view,
            number(arguments.get(1)),
            numbers(arguments.get(2)),
            numbers(arguments.get(3)),
            source);
  }

  private static PythonValue parameter(List<PythonValue> arguments) {
    return !arguments.isEmpty() && arguments.get(0) instanceof PythonTensor tensor ? tensor : null;
  }

  private PythonValue sequence(Kind kind, List<PythonValue> arguments) {
    if (arguments.isEmpty()) {
      return new Sequence(kind, new ArrayList<>(0));
    }
    if (arguments.size() > 1 || !(arguments.get(0) instanceof Sequence items)) {
      return null;
    }
    count(items.items().size());
    return new Sequence(kind, new ArrayList<>(items.items()));
  }

  private PythonValue device(List<PythonValue> arguments) {
    Instance device = new Instance("torch.device");
    if (arguments.isEmpty() || arguments.size() > 2) {
      return null;
    }
    device.put("type", new Scalar(text(arguments.get(0))));
    if (arguments.size() == 2) {
      device.put("index", new Scalar(number(arguments.get(1))));
    }
    return device;
  }

  private PythonValue dictionary(List<PythonValue> arguments) {
    Dictionary dictionary = new Dictionary();
    if (arguments.isEmpty()) {
      return dictionary;
    }
    // How Python 2 pickles one: a list of pairs.
    if (arguments.size() > 1 || !(arguments.get(0) instanceof Sequence pairs)) {
      return null;
    }
    count(pairs.items().size());
    for (PythonValue pair : pairs.items()) {
      if (!(pair instanceof Sequence items)
          || items.items().size() != 2
          || !(items.items().get(0) instanceof Scalar key)) {
        return null;
      }
      dictionary.put(key, items.items().get(1));
    }
    return dictionary;
  }

  private PythonValue encoded(List<PythonValue> arguments) {
    if (arguments.size() != 2 || !text(arguments.get(1)).equals("latin1")) {
      return null;
    }
    String text = text(arguments.get(0));
    count(text.length());
    return text.chars().allMatch(c -> c < 256)
        ? new Bytes(text.getBytes(StandardCharsets.ISO_8859_1))
        : null;
  }

  private PythonValue dtype(List<PythonValue> arguments) {
    return arguments.isEmpty() ? null : NumpyDtype.of(text(arguments.get(0)));
  }

  private static PythonValue numpyScalar(List<PythonValue> arguments) {
    return arguments.size() == 2
            && arguments.get(0) instanceof NumpyDtype dtype
            && arguments.get(1) instanceof Bytes bytes
        ? dtype.scalar(bytes.value())
        : null;
  }

  private String text(PythonValue value) {
    if (value instanceof Scalar scalar && scalar.value() instanceof String text) {
      return text;
    }
    throw unusual("a text");
  }

  private long number(PythonValue value) {
    if (value instanceof Scalar scalar && scalar.value() instanceof Long number) {
      return number;
    }
    throw unusual("a whole number");
  }

  private long[] numbers(PythonValue value) {
    if (!(value instanceof Sequence sequence) || sequence.items().size() > PythonValue.MAX_DEPTH) {
      throw unusual("a shape");
    }
    return sequence.items().stream().mapToLong(this::number).toArray();
  }

  private void count(int copies) {
    copied += copies;
    if (copied < 0 || copied > MAX_COPIED) {
      throw new InvalidFileException(
          source,
          "copies more than "
              + MAX_COPIED
              + " values; no checkpoint does, the file may be hostile");
    }
  }

  private InvalidFileException unusual(String what) {
    return new InvalidFileException(
        source,
        "spells " + what + " in a way that PyTorch does not; the file is damaged or hostile");
  }

  private static String printable(String name) {
    String printable = name.replaceAll("[^ -~]", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "…";
  }
}
