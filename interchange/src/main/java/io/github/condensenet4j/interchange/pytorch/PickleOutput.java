package io.github.condensenet4j.interchange.pytorch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a Python pickle of protocol 2, word by word, without a memo. */
final class PickleOutput {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleOutput() {
    out.write(0x80);
    out.write(2);
  }

  PickleOutput global(String module, String name) {
    out.write('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  PickleOutput mark() {
    out.write('(');
    return this;
  }

  /** Makes a tuple of what came after the mark. */
  PickleOutput tuple() {
    out.write('t');
    return this;
  }

  PickleOutput emptyTuple() {
    out.write(')');
    return this;
  }

  PickleOutput emptyDictionary() {
    out.write('}');
    return this;
  }

  /** Puts the pairs after the mark into the dictionary below it. */
  PickleOutput setItems() {
    out.write('u');
    return this;
  }

  /** Calls the global below the tuple of arguments. */
  PickleOutput reduce() {
    out.write('R');
    return this;
  }

  /** Loads what the tuple on top identifies: a storage. */
  PickleOutput persistent() {
    out.write('Q');
    return this;
  }

  PickleOutput no() {
    out.write(0x89);
    return this;
  }

  PickleOutput yes() {
    out.write(0x88);
    return this;
  }

  PickleOutput emptyList() {
    out.write(']');
    return this;
  }

  /** Puts what came after the mark into the list below it. */
  PickleOutput appends() {
    out.write('e');
    return this;
  }

  PickleOutput number(double value) {
    out.write('G');
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    return this;
  }

  PickleOutput text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    int32(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  PickleOutput integer(long value) {
    if (value >= 0 && value <= 0xff) {
      out.write('K');
      out.write((int) value);
    } else if (value == (int) value) {
      out.write('J');
      int32((int) value);
    } else {
      byte[] bigEndian = BigInteger.valueOf(value).toByteArray();
      out.write(0x8a);
      out.write(bigEndian.length);
      for (int i = bigEndian.length - 1; i >= 0; i--) {
        out.write(bigEndian[i]);
      }
    }
    return this;
  }

  /** Writes a tuple of integers. */
  PickleOutput integers(long... values) {
    if (values.length == 0) {
      return emptyTuple();
    }
    mark();
    for (long value : values) {
      integer(value);
    }
    return tuple();
  }

  /** Ends the pickle. */
  byte[] finish() {
    out.write('.');
    return out.toByteArray();
  }

  private void int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
