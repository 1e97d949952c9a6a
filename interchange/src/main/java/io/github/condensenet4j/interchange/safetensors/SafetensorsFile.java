package io.github.condensenet4j.interchange.safetensors;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of tensors in the safetensors format: eight bytes with the length of a JSON header, the
 * header, and the tensors' bytes one after the other.
 *
 * <p>As the format wants it, names are unique, tensors lie without overlap or gap and fill the
 * file, each is as long as its type and shape say, and the header is no longer than 100 MB; all of
 * that is checked before a tensor is read.
 *
 * @param metadata texts by name; what they say is up to whoever wrote the file
 * @param tensors the tensors, in the order of their bytes
 */
public record SafetensorsFile(Map<String, String> metadata, StateDict tensors) {

  private static final String METADATA = "__metadata__";
  private static final long LONGEST_HEADER = 100_000_000;
  private static final int LENGTH_BYTES = 8;

  /** Copies the metadata. */
  public SafetensorsFile {
    metadata = Map.copyOf(metadata);
  }

  /**
   * Tells whether {@code start}, at least the first nine bytes of a file, could be one's of this
   * format.
   */
  public static boolean isStart(byte[] start) {
    if (start.length <= LENGTH_BYTES || start[LENGTH_BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length >= 2 && length <= LONGEST_HEADER;
  }

  /**
   * Reads {@code file}.
   *
   * @throws InvalidFileException if it is missing, damaged, hostile or holds types that tensors do
   *     not have
   */
  public static SafetensorsFile read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return read(channel, file);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private static SafetensorsFile read(FileChannel channel, Path file) throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES + 2) {
      throw new InvalidFileException(
          file, "has " + size + " bytes and no header; it is cut off or of another kind");
    }
    long length =
        ByteBuffer.wrap(bytes(channel, 0, LENGTH_BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_HEADER || length > size - LENGTH_BYTES) {
      throw new InvalidFileException(
          file,
          "has a header of %s bytes, 2 to %d expected; it is cut off or of another kind"
              .formatted(
                  Long.toUnsignedString(length), Math.min(LONGEST_HEADER, size - LENGTH_BYTES)));
    }
    byte[] header = bytes(channel, LENGTH_BYTES, (int) length);
    if (header[0] != '{') {
      throw new InvalidFileException(file, "has a header that does not begin with a brace");
    }
    JsonValue json = JsonValue.parse(header, file + ": header");
    long data = LENGTH_BYTES + length;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorEntry entry : entries(json, size - data, file)) {
      byte[] values = bytes(channel, data + entry.begin(), entry.byteCount());
      tensors.put(entry.name(), Tensor.ofBytes(entry.type(), values, entry.shape()));
    }
    return new SafetensorsFile(metadata(json), StateDict.of(tensors));
  }

  private static Map<String, String> metadata(JsonValue header) {
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .find(METADATA)
        .ifPresent(texts -> texts.keys().forEach(key -> metadata.put(key, texts.get(key).text())));
    return metadata;
  }

  /** Returns the tensors in the order of their bytes, after checking that these fill the file. */
  private static List<TensorEntry> entries(JsonValue header, long dataBytes, Path file) {
    List<TensorEntry> entries = new ArrayList<>();
    for (String name : header.keys()) {
      if (!name.equals(METADATA)) {
        entries.add(TensorEntry.of(name, header.get(name), file));
      }
    }
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    long end = 0;
    for (TensorEntry entry : entries) {
      if (entry.begin() != end) {
        throw new InvalidFileException(
            file,
            "tensor %s begins at byte %d, %d expected: tensors must lie without overlap or gap"
                .formatted(entry.name(), entry.begin(), end));
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      throw new InvalidFileException(
          file,
          "has %d bytes of tensors, %d expected; it is cut off or damaged"
              .formatted(dataBytes, end));
    }
    return entries;
  }

  private static byte[] bytes(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return buffer.array();
  }

  /**
   * Writes the file, atomically and always as the same bytes. Tensors of wide elements come first,
   * so that each begins at a multiple of its element.
   *
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written
   */
  public void write(Path file) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    tensors.asMap().entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> -entry.getValue().type().bytes()))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    byte[] header = header(ordered);
    AtomicFile.write(
        file,
        out -> {
          byte[] length = new byte[LENGTH_BYTES];
          ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
          out.write(length);
          out.write(header);
          for (Tensor tensor : ordered.values()) {
            out.write(tensor.toBytes());
          }
        });
  }

  private byte[] header(Map<String, Tensor> ordered) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      json.put(METADATA, new TreeMap<>(metadata));
    }
    long begin = 0;
    for (Map.Entry<String, Tensor> entry : ordered.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = begin + (long) tensor.size() * tensor.type().bytes();
      json.put(
          entry.getKey(),
          Map.of(
              "dtype", TensorEntry.dtypeOf(tensor.type()),
              "shape", tensor.shape(),
              "data_offsets", List.of(begin, end)));
      begin = end;
    }
    String text = JsonValue.of(ordered(json)).toString();
    int padding = -text.getBytes(StandardCharsets.UTF_8).length & 7;
    return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  /** Maps of Java have no order of their own; the header's members have. */
  private static Map<String, Object> ordered(Map<String, Object> json) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    json.forEach(
        (name, value) ->
            ordered.put(name, value instanceof Map<?, ?> map ? new TreeMap<>(map) : value));
    return ordered;
  }
}
