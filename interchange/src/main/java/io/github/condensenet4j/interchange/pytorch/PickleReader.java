package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Global;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Scalar;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The machine that runs a pickle: a stack, a memo, and the operations of protocols 2 to 5 that
 * Python's own pickler writes for plain data.
 *
 * <p>It cannot call anything but what {@link KnownGlobals} knows, and it stops after {@code
 * MAX_OPERATIONS}, each of which makes at most one small value.
 */
final class PickleReader {

  /** The most bytes of a pickle: storages lie elsewhere, so names and numbers are all there is. */
  static final int MAX_BYTES = 1 << 26;

  private static final int MAX_OPERATIONS = 1 << 21;
  private static final int MAX_BIG_INTEGER_BYTES = 1 << 10;
  private static final int NEWEST_PROTOCOL = 5;

  /** Marks the place from which a later operation takes everything. */
  private record Mark(List<PythonValue> below) {}

  /** Turns the persistent ids of a pickle into values. */
  @FunctionalInterface
  interface PersistentIds {
    PythonValue value(PythonValue id);
  }

  private final PickleInput in;
  private final PersistentIds persistentIds;
  private final KnownGlobals globals;
  private final String source;
  private final Map<Long, PythonValue> memo = new HashMap<>();
  private final Deque<Mark> marks = new ArrayDeque<>();
  private List<PythonValue> stack = new ArrayList<>();

  PickleReader(PickleInput in, PersistentIds persistentIds, String source) {
    this.in = in;
    this.persistentIds = persistentIds;
    this.globals = new KnownGlobals(source);
    this.source = source;
  }

  /**
   * Runs one pickle up to its end and returns what it made.
   *
   * @throws IOException if reading fails
   * @throws InvalidFileException if it is damaged, too large, or asks for what is not known
   */
  PythonValue read() throws IOException {
    long end = in.left() - MAX_BYTES;
    for (int i = 0; i < MAX_OPERATIONS && in.left() >= end; i++) {
      int operation = in.unsignedByte();
      if (operation == '.') {
        PythonValue value = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw damaged("leaves values behind");
        }
        NestingCheck.check(value, source);
        return value;
      }
      run(operation);
    }
    throw new InvalidFileException(
        source,
        "has a pickle of more than "
            + MAX_OPERATIONS
            + " operations or "
            + MAX_BYTES
            + " bytes; no checkpoint needs as many");
  }

  private void run(int operation) throws IOException {
    switch (operation) {
      case 0x80 -> protocol();
      case 0x95 -> frame();
      case '(' -> {
        marks.push(new Mark(stack));
        stack = new ArrayList<>();
      }
      case '0' -> popOrUnmark();
      case '1' -> toMark();
      case '2' -> push(top());
      case 'q' -> memo.put((long) in.unsignedByte(), top());
      case 'r' -> memo.put(in.unsignedInteger(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(recalled(in.unsignedByte()));
      case 'j' -> push(recalled(in.unsignedInteger()));
      case 'Q' -> push(persistentIds.value(pop()));
      case 'c' -> push(globals.named(in.line(), in.line()));
      case 0x93 -> stackGlobal();
      case 'R', 0x81 -> call();
      case 'b' -> globals.build(secondFromTop(), pop());
      default -> {
        if (!runScalar(operation) && !runContainer(operation)) {
          throw new InvalidFileException(
              source,
              String.format(
                  "uses the pickle operation 0x%02x, which checkpoints do not need; "
                      + "save it again with a current PyTorch",
                  operation));
        }
      }
    }
  }

  private boolean runScalar(int operation) throws IOException {
    switch (operation) {
      case 'N' -> push(new Scalar(null));
      case 0x88 -> push(new Scalar(true));
      case 0x89 -> push(new Scalar(false));
      case 'K' -> push(new Scalar((long) in.unsignedByte()));
      case 'M' -> push(new Scalar((long) in.unsignedShort()));
      case 'J' -> push(new Scalar((long) in.integer()));
      case 0x8a -> push(bigInteger(in.unsignedByte()));
      case 0x8b -> push(bigInteger(in.unsignedInteger()));
      case 'G' -> push(new Scalar(in.bigEndianDouble()));
      case 'X' -> push(new Scalar(in.text(in.unsignedInteger())));
      case 0x8c -> push(new Scalar(in.text(in.unsignedByte())));
      case 0x8d -> push(new Scalar(in.text(in.longInteger())));
      case 'U' -> push(new Scalar(in.text(in.unsignedByte())));
      case 'T' -> push(new Scalar(in.text(in.unsignedInteger())));
      case 'C' -> push(new PythonValue.Bytes(in.shortBytes(in.unsignedByte())));
      case 'B' -> push(new PythonValue.Bytes(in.shortBytes(in.unsignedInteger())));
      case 0x8e, 0x96 -> push(new PythonValue.Bytes(in.shortBytes(in.longInteger())));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean runContainer(int operation) {
    switch (operation) {
      case ')' -> push(tuple(0));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 't' -> push(new Sequence(Kind.TUPLE, toMark()));
      case ']' -> push(new Sequence(Kind.LIST, new ArrayList<>(0)));
      case 0x8f -> push(new Sequence(Kind.SET, new ArrayList<>(0)));
      case 0x91 -> push(new Sequence(Kind.SET, toMark()));
      case 'a' -> {
        PythonValue item = pop();
        addTo(Kind.LIST, List.of(item));
      }
      case 'e' -> addTo(Kind.LIST, toMark());
      case 0x90 -> addTo(Kind.SET, toMark());
      case '}' -> push(new Dictionary());
      case 's' -> {
        PythonValue value = pop();
        setItems(List.of(pop(), value));
      }
      case 'u' -> setItems(toMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void protocol() throws IOException {
    int protocol = in.unsignedByte();
    if (protocol < 2 || protocol > NEWEST_PROTOCOL) {
      throw damaged("is of pickle protocol " + protocol + ", 2 to 5 expected");
    }
  }

  /** A frame only tells how much may be read ahead; its length must be there, nothing more. */
  private void frame() throws IOException {
    long length = in.longInteger();
    if (length < 0 || length > in.left()) {
      throw damaged("claims a frame of " + Long.toUnsignedString(length) + " bytes");
    }
  }

  private void popOrUnmark() {
    if (stack.isEmpty() && !marks.isEmpty()) {
      toMark();
    } else {
      pop();
    }
  }

  private void stackGlobal() {
    PythonValue name = pop();
    PythonValue module = pop();
    if (!(name instanceof Scalar nameScalar && nameScalar.value() instanceof String nameText)
        || !(module instanceof Scalar moduleScalar
            && moduleScalar.value() instanceof String moduleText)) {
      throw damaged("names a global by something else than texts");
    }
    push(globals.named(moduleText, nameText));
  }

  private void call() {
    PythonValue arguments = pop();
    PythonValue function = pop();
    if (!(function instanceof Global global)) {
      throw damaged("calls what is not a function");
    }
    if (!(arguments instanceof Sequence tuple) || tuple.kind() != Kind.TUPLE) {
      throw damaged("calls " + global.name() + " without arguments");
    }
    push(globals.call(global, tuple.items()));
  }

  private Scalar bigInteger(long count) throws IOException {
    if (count > MAX_BIG_INTEGER_BYTES) {
      throw damaged("claims an integer of " + count + " bytes");
    }
    byte[] bytes = in.bytes(count);
    byte[] bigEndian = new byte[bytes.length + 1];
    for (int i = 0; i < bytes.length; i++) {
      bigEndian[bytes.length - i] = bytes[i];
    }
    bigEndian[0] = (byte) (bytes.length > 0 && bytes[bytes.length - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(bigEndian);
    return new Scalar(value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value);
  }

  private Sequence tuple(int size) {
    List<PythonValue> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(0, pop());
    }
    return new Sequence(Kind.TUPLE, items);
  }

  private void addTo(Kind kind, List<PythonValue> items) {
    if (!(top() instanceof Sequence sequence) || sequence.kind() != kind) {
      throw damaged("adds items to what cannot take them");
    }
    sequence.add(items);
  }

  private void setItems(List<PythonValue> keysAndValues) {
    if (!(top() instanceof Dictionary dictionary) || keysAndValues.size() % 2 != 0) {
      throw damaged("sets items of what is no dictionary");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (!(keysAndValues.get(i) instanceof Scalar key)) {
        throw damaged("has a dictionary whose keys are neither texts nor numbers");
      }
      dictionary.put(key, keysAndValues.get(i + 1));
    }
  }

  private PythonValue recalled(long index) {
    PythonValue value = memo.get(index);
    if (value == null) {
      throw damaged("recalls value " + index + ", which it never kept");
    }
    return value;
  }

  private void push(PythonValue value) {
    stack.add(value);
  }

  private PythonValue top() {
    if (stack.isEmpty()) {
      throw damaged("takes a value from an empty stack");
    }
    return stack.get(stack.size() - 1);
  }

  private PythonValue secondFromTop() {
    if (stack.size() < 2) {
      throw damaged("takes a value from an empty stack");
    }
    return stack.get(stack.size() - 2);
  }

  private PythonValue pop() {
    PythonValue top = top();
    stack.remove(stack.size() - 1);
    return top;
  }

  private List<PythonValue> toMark() {
    if (marks.isEmpty()) {
      throw damaged("closes what it never opened");
    }
    List<PythonValue> above = stack;
    stack = marks.pop().below;
    return above;
  }

  private InvalidFileException damaged(String what) {
    return new InvalidFileException(
        source, what + "; the file is damaged or hostile, take another copy");
  }
}
