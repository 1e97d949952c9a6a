package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.ZipWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Writes pickles operation by operation, honest ones and others. */
final class PickleBuilder {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleBuilder() {
    raw(0x80, 2);
  }

  PickleBuilder raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleBuilder op(char operation) {
    return raw(operation);
  }

  PickleBuilder repeat(String operations, int times) {
    byte[] bytes = operations.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < times; i++) {
      out.writeBytes(bytes);
    }
    return this;
  }

  PickleBuilder text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X').littleEndian(utf8.length, 4);
    out.writeBytes(utf8);
    return this;
  }

  PickleBuilder number(long value) {
    return raw(0x8a, 8).littleEndian(value, 8);
  }

  PickleBuilder littleEndian(long value, int bytes) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
    return this;
  }

  PickleBuilder global(String module, String name) {
    op('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Pushes a storage by its persistent id. */
  PickleBuilder storage(String type, String key, long size) {
    op('(').text("storage").global("torch", type).text(key).text("cpu").number(size);
    return op('t').op('Q');
  }

  /** Pushes a tensor that looks into {@code storage}. */
  PickleBuilder tensor(
      String type, String key, long size, long offset, long[] shape, long[] stride) {
    global("torch._utils", "_rebuild_tensor_v2").op('(').storage(type, key, size).number(offset);
    for (long[] numbers : new long[][] {shape, stride}) {
      op('(');
      for (long number : numbers) {
        number(number);
      }
      op('t');
    }
    return raw(0x89).global("collections", "OrderedDict").op(')').op('R').op('t').op('R');
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** Ends the pickle and writes it as a checkpoint in the newer container. */
  Path writeTo(Path file, Map<String, byte[]> otherEntries) {
    op('.');
    AtomicFile.write(
        file,
        stream -> {
          ZipWriter zip = new ZipWriter(stream);
          zip.entry("archive/data.pkl", bytes());
          for (Map.Entry<String, byte[]> entry : otherEntries.entrySet()) {
            zip.entry("archive/" + entry.getKey(), entry.getValue());
          }
          zip.finish(sum -> "");
        });
    return file;
  }
}
