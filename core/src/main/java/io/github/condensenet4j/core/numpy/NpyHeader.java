package io.github.condensenet4j.core.numpy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What stands before the numbers of a {@code .npy} file: a Python dictionary of three keys, which
 * is read as text, never evaluated.
 */
final class NpyHeader {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Numpy's own limit is lower; no honest header of three keys comes near. */
  private static final int MAX_TEXT_BYTES = 1 << 16;

  private static final int ALIGNMENT = 64;

  private final NumpyType type;
  private final boolean isFortran;
  private final int[] shape;
  private final int bytes;

  private NpyHeader(NumpyType type, boolean isFortran, int[] shape, int bytes) {
    this.type = type;
    this.isFortran = isFortran;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * Reads a header of version 1, 2 or 3.
   *
   * @param source name of the file for messages
   */
  static NpyHeader read(InputStream in, String source) throws IOException {
    byte[] start = readFully(in, 8);
    if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new InvalidFileException(source, "is no numpy array (.npy); save it with numpy.save");
    }
    int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0) {
      throw new InvalidFileException(
          source, "is of .npy version " + version + "." + start[7] + ", 1.0, 2.0 or 3.0 expected");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer length = ByteBuffer.wrap(readFully(in, lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long textBytes = version == 1 ? length.getShort() & 0xffff : length.getInt() & 0xffffffffL;
    if (textBytes > MAX_TEXT_BYTES) {
      throw new InvalidFileException(
          source,
          "has a header of " + textBytes + " bytes, at most " + MAX_TEXT_BYTES + " expected");
    }
    byte[] text = readFully(in, (int) textBytes);
    String header =
        new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    return new Parser(header, source).parse(start.length + lengthBytes + (int) textBytes);
  }

  private static byte[] readFully(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  /** Returns the header, version 1, that numpy itself writes for a tensor in C order. */
  static byte[] write(ElementType type, int[] shape) {
    String lengths =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String text =
        "{'descr': '"
            + NumpyType.descriptionOf(type)
            + "', 'fortran_order': False, 'shape': ("
            + lengths
            + (shape.length == 1 ? "," : "")
            + "), }";
    int unpadded = MAGIC.length + 4 + text.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    int length = text.length() + padding + 1;
    if (length > 0xffff) {
      throw new IllegalArgumentException("a shape of " + shape.length + " dimensions");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(unpadded + padding);
    out.writeBytes(MAGIC);
    out.writeBytes(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
    out.writeBytes((text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  /** Returns the type of the elements. */
  NumpyType type() {
    return type;
  }

  /** Tells whether the first index runs fastest. */
  boolean isFortran() {
    return isFortran;
  }

  /** Returns the length of each dimension; empty for a scalar. */
  int[] shape() {
    return shape.clone();
  }

  /** Returns the length of the header in the file. */
  int bytes() {
    return bytes;
  }

  /** Reads the dictionary from left to right. */
  private static final class Parser {
    private static final int MAX_DIMENSIONS = 64;

    private final String text;
    private final String source;
    private int at;

    Parser(String text, String source) {
      this.text = text;
      this.source = source;
    }

    NpyHeader parse(int bytes) {
      String description = null;
      Boolean fortran = null;
      int[] shape = null;
      expect('{');
      while (!accept('}')) {
        String key = quoted();
        expect(':');
        if (key.equals("descr") && description == null) {
          description = description();
        } else if (key.equals("fortran_order") && fortran == null) {
          fortran = bool();
        } else if (key.equals("shape") && shape == null) {
          shape = shape();
        } else {
          throw malformed();
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      if (!text.substring(at).isBlank()
          || description == null
          || fortran == null
          || shape == null) {
        throw malformed();
      }
      NumpyType type = NumpyType.parse(description);
      if (type == null) {
        throw new InvalidFileException(
            source,
            "holds elements of numpy type "
                + description
                + ", which is not read; convert them to float32 or int64");
      }
      return new NpyHeader(type, fortran, shape, bytes);
    }

    private String description() {
      skipBlanks();
      if (at < text.length() && text.charAt(at) == '[') {
        throw new InvalidFileException(
            source, "holds records of several fields; save each field as an array of its own");
      }
      return quoted();
    }

    private boolean bool() {
      skipBlanks();
      for (boolean value : new boolean[] {true, false}) {
        String word = value ? "True" : "False";
        if (text.startsWith(word, at)) {
          at += word.length();
          return value;
        }
      }
      throw malformed();
    }

    private int[] shape() {
      int[] shape = new int[MAX_DIMENSIONS];
      int dimensions = 0;
      boolean comma = true;
      expect('(');
      while (!accept(')')) {
        if (!comma || dimensions == MAX_DIMENSIONS) {
          throw malformed();
        }
        shape[dimensions++] = length();
        comma = accept(',');
      }
      if (dimensions == 1 && !comma) {
        // (3) is a number in Python, not a tuple.
        throw malformed();
      }
      return Arrays.copyOf(shape, dimensions);
    }

    private int length() {
      skipBlanks();
      int from = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == from) {
        throw malformed();
      }
      if (at - from > 10 || Long.parseLong(text.substring(from, at)) > Integer.MAX_VALUE) {
        throw new InvalidFileException(
            source,
            "has a dimension of "
                + shortened(text.substring(from, at))
                + ", at most "
                + Integer.MAX_VALUE
                + " expected");
      }
      return Integer.parseInt(text.substring(from, at));
    }

    private String quoted() {
      skipBlanks();
      char quote = at < text.length() ? text.charAt(at) : 0;
      int end = text.indexOf(quote, at + 1);
      if ((quote != '\'' && quote != '"') || end < 0) {
        throw malformed();
      }
      String value = text.substring(at + 1, end);
      if (value.length() > 32 || value.indexOf('\\') >= 0) {
        throw malformed();
      }
      at = end + 1;
      return value;
    }

    private void expect(char c) {
      if (!accept(c)) {
        throw malformed();
      }
    }

    private boolean accept(char c) {
      skipBlanks();
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private void skipBlanks() {
      while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private InvalidFileException malformed() {
      return new InvalidFileException(
          source,
          "has a malformed header at character "
              + at
              + ", {'descr': …, 'fortran_order': …, 'shape': …} expected");
    }

    private static String shortened(String digits) {
      return digits.length() <= 20 ? digits : digits.substring(0, 20) + "…";
    }
  }
}
