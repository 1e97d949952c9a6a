package io.github.condensenet4j.core.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

/**
 * Writes a zip archive as a stream: stored entries without dates, so that the same entries always
 * make the same bytes.
 *
 * <p>Entries are not deflated: weights hardly shrink, and what deflating makes differs between
 * versions of zlib. Sizes and checksums stand before the bytes, so that readers of streams
 * understand stored entries; each content is therefore written twice, first only to be summed up.
 */
public final class ZipWriter {

  private static final int VERSION = 20;
  private static final int UTF8_NAMES = 1 << 11;

  /** The first day that a zip archive can name, 1980-01-01, in the place of the clock. */
  private static final int ZIP_EPOCH = 1 << 21 | 1 << 16;

  private static final long MAX_U32 = 0xffffffffL;
  private static final int MAX_ENTRIES = 0xffff;

  private final OutputStream out;
  private final Sha256 fileSum = new Sha256();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final Set<String> names = new HashSet<>();
  private long position;

  /** Creates a writer to {@code out}, which the caller closes. */
  public ZipWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Size and sum of an entry.
   *
   * @param bytes its size
   * @param sha256 its sum
   */
  public record Sum(long bytes, String sha256) {}

  /**
   * Writes an entry.
   *
   * @param content called twice, and must write the same bytes both times
   * @return the content's size and sum
   * @throws IOException if writing fails, the content differs from one time to the next, or the
   *     archive grows beyond 4 GiB
   */
  public Sum entry(String name, AtomicFile.Content content) throws IOException {
    Summing first = new Summing(OutputStream.nullOutputStream());
    content.writeTo(first);
    byte[] nameInBytes = name.getBytes(StandardCharsets.UTF_8);
    if (!names.add(name) || names.size() > MAX_ENTRIES || nameInBytes.length > 0xffff) {
      throw new IllegalArgumentException("an entry too many called " + name);
    }
    long offset = position;
    Sum sum = first.sum();
    if (offset + first.count + directory.size() > MAX_U32 - (1 << 20)) {
      throw new IOException("a model file cannot grow beyond 4 GiB");
    }
    byte[] header = new byte[30 + nameInBytes.length];
    ByteBuffer local = littleEndian(header);
    local.putInt(0x04034b50);
    putCommon(local, first, nameInBytes.length);
    local.put(nameInBytes);
    write(header);

    Summing second = new Summing(new Output());
    content.writeTo(second);
    if (!second.sum().equals(sum)) {
      throw new IOException("entry " + name + " changed while it was being written");
    }
    addToDirectory(first, nameInBytes, offset);
    return sum;
  }

  /** Writes an entry of {@code bytes}. */
  public Sum entry(String name, byte[] bytes) throws IOException {
    return entry(name, to -> to.write(bytes));
  }

  /**
   * Writes the directory and a comment, which ends the archive.
   *
   * @param comment makes the comment, of characters below 128, from the SHA-256 of every byte
   *     before it; called once before for its length
   */
  public void finish(UnaryOperator<String> comment) throws IOException {
    long offset = position;
    byte[] entries = directory.toByteArray();
    write(entries);
    int length = comment.apply(Sha256.of(new byte[0])).length();
    byte[] header = new byte[22];
    ByteBuffer end = littleEndian(header);
    end.putInt(0x06054b50).putInt(0);
    end.putShort((short) names.size()).putShort((short) names.size());
    end.putInt(entries.length).putInt((int) offset).putShort((short) length);
    write(header);
    byte[] text = comment.apply(fileSum.hex()).getBytes(StandardCharsets.US_ASCII);
    if (text.length != length) {
      throw new IllegalArgumentException("the comment's length depends on the sum");
    }
    write(text);
    out.flush();
  }

  private void addToDirectory(Summing content, byte[] name, long offset) {
    byte[] header = new byte[46 + name.length];
    ByteBuffer entry = littleEndian(header);
    entry.putInt(0x02014b50).putShort((short) VERSION);
    putCommon(entry, content, name.length);
    entry.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
    entry.putInt((int) offset);
    entry.put(name);
    directory.writeBytes(header);
  }

  /** Puts the fields that both headers of an entry share. */
  private static void putCommon(ByteBuffer header, Summing content, int nameBytes) {
    header.putShort((short) VERSION).putShort((short) UTF8_NAMES).putShort((short) 0);
    header.putInt(ZIP_EPOCH);
    header.putInt((int) content.crc.getValue());
    header.putInt((int) content.count).putInt((int) content.count);
    header.putShort((short) nameBytes).putShort((short) 0);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(byte[] bytes) throws IOException {
    new Output().write(bytes, 0, bytes.length);
  }

  /** Writes to the file and sums it up. */
  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      fileSum.update(bytes, offset, length);
      position += length;
    }
  }

  /** Counts and sums up what passes through. */
  private static final class Summing extends OutputStream {
    private final OutputStream next;
    private final Sha256 sha256 = new Sha256();
    private final CRC32 crc = new CRC32();
    private long count;

    Summing(OutputStream next) {
      this.next = next;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      sha256.update(bytes, offset, length);
      crc.update(bytes, offset, length);
      count += length;
      next.write(bytes, offset, length);
    }

    Sum sum() {
      return new Sum(count, sha256.hex());
    }
  }
}
