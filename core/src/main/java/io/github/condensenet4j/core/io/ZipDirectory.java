package io.github.condensenet4j.core.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;

/** The directory at the end of a zip archive, checked against the local headers it points to. */
final class ZipDirectory {

  /**
   * One entry.
   *
   * @param name its name, with {@code /} between folders
   * @param isDeflated whether its bytes are deflated, not stored
   * @param crc CRC-32 of the unpacked bytes
   * @param packedSize bytes in the file
   * @param size unpacked bytes
   * @param headerOffset where its local header begins
   * @param dataOffset where its packed bytes begin
   */
  record Entry(
      String name,
      boolean isDeflated,
      long crc,
      long packedSize,
      long size,
      long headerOffset,
      long dataOffset) {}

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;

  private static final int MAX_DIRECTORY_BYTES = 1 << 26;
  private static final int MAX_ENTRIES = 1 << 18;
  private static final int MAX_NAME_BYTES = 1 << 12;

  private static final int ENCRYPTED = 1;

  /** The best that deflate can do: 258 bytes from two bits. */
  private static final int DEFLATE_LIMIT = 1032;

  private static final long U32 = 0xffffffffL;
  private static final int U16 = 0xffff;

  private final Map<String, Entry> entries;
  private final byte[] comment;
  private final long commentOffset;

  private ZipDirectory(Map<String, Entry> entries, byte[] comment, long commentOffset) {
    this.entries = entries;
    this.comment = comment;
    this.commentOffset = commentOffset;
  }

  /** Reads and checks the directory of the archive in {@code source}. */
  static ZipDirectory read(ByteSource source) throws IOException {
    long fileSize = source.size();
    if (fileSize < END_BYTES) {
      throw new ZipException(fileSize == 0 ? "is empty" : "is no zip archive");
    }
    int tailBytes = (int) Math.min(fileSize, END_BYTES + U16);
    ByteBuffer tail = read(source, fileSize - tailBytes, tailBytes);
    int end = findEnd(tail);
    long endOffset = fileSize - tailBytes + end;
    byte[] comment = new byte[tail.getShort(end + 20) & U16];
    tail.get(end + END_BYTES, comment);

    Extent extent = extent(source, tail, end, endOffset);
    ByteBuffer directory = read(source, extent.offset, extent.bytes);
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < extent.count; i++) {
      Entry entry = entry(source, directory, extent.offset);
      if (entries.put(entry.name, entry) != null) {
        throw new ZipException("has two entries called " + entry.name);
      }
    }
    if (directory.hasRemaining()) {
      throw new ZipException("has bytes between its directory and its end");
    }
    refuseOverlaps(entries);
    return new ZipDirectory(entries, comment, endOffset + END_BYTES);
  }

  /** Returns the entries by name, in order. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Returns the archive's comment. */
  byte[] comment() {
    return comment.clone();
  }

  /** Returns where the comment begins, in bytes from the start of the file. */
  long commentOffset() {
    return commentOffset;
  }

  private static int findEnd(ByteBuffer tail) throws ZipException {
    for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE
          && at + END_BYTES + (tail.getShort(at + 20) & U16) == tail.limit()) {
        return at;
      }
    }
    throw new ZipException("is no zip archive, or its end is missing");
  }

  /** Where the directory lies and how many entries it has. */
  private record Extent(long offset, int bytes, int count) {}

  private static Extent extent(ByteSource source, ByteBuffer tail, int end, long endOffset)
      throws IOException {
    int disk = tail.getShort(end + 4) & U16;
    long count = tail.getShort(end + 10) & U16;
    long bytes = tail.getInt(end + 12) & U32;
    long offset = tail.getInt(end + 16) & U32;
    long limit = endOffset;
    if (endOffset >= END64_LOCATOR_BYTES + END64_BYTES) {
      ByteBuffer locator = read(source, endOffset - END64_LOCATOR_BYTES, END64_LOCATOR_BYTES);
      if (locator.getInt(0) == END64_LOCATOR_SIGNATURE) {
        long at = locator.getLong(8);
        if (at < 0 || at > endOffset - END64_LOCATOR_BYTES - END64_BYTES) {
          throw new ZipException("has its 64-bit end at " + at + ", outside the file");
        }
        ByteBuffer end64 = read(source, at, END64_BYTES);
        if (end64.getInt(0) != END64_SIGNATURE) {
          throw new ZipException("has no 64-bit end where it says");
        }
        disk = end64.getInt(16);
        count = end64.getLong(32);
        bytes = end64.getLong(40);
        offset = end64.getLong(48);
        limit = at;
      }
    }
    if (disk != 0) {
      throw new ZipException("is a part of a split archive");
    }
    if (count < 0 || count > MAX_ENTRIES || bytes < 0 || bytes > MAX_DIRECTORY_BYTES) {
      throw new ZipException("says it has " + count + " entries in " + bytes + " bytes, too many");
    }
    if (offset < 0 || offset + bytes != limit) {
      throw new ZipException("has its directory at " + offset + ", not before its end");
    }
    return new Extent(offset, (int) bytes, (int) count);
  }

  private static Entry entry(ByteSource source, ByteBuffer in, long directoryOffset)
      throws IOException {
    if (in.remaining() < ENTRY_BYTES || in.getInt(in.position()) != ENTRY_SIGNATURE) {
      throw new ZipException("has a damaged directory");
    }
    int at = in.position();
    int flags = in.getShort(at + 8) & U16;
    int method = in.getShort(at + 10) & U16;
    long crc = in.getInt(at + 16) & U32;
    long packedSize = in.getInt(at + 20) & U32;
    long size = in.getInt(at + 24) & U32;
    int nameBytes = in.getShort(at + 28) & U16;
    int extraBytes = in.getShort(at + 30) & U16;
    int commentBytes = in.getShort(at + 32) & U16;
    long headerOffset = in.getInt(at + 42) & U32;
    if (in.remaining() < ENTRY_BYTES + nameBytes + extraBytes + commentBytes) {
      throw new ZipException("has a damaged directory");
    }
    byte[] nameInBytes = new byte[nameBytes];
    in.get(at + ENTRY_BYTES, nameInBytes);
    String name = name(nameInBytes);
    ByteBuffer wide = wideSizes(in, at + ENTRY_BYTES + nameBytes, extraBytes);
    size = size == U32 ? wide(wide, name) : size;
    packedSize = packedSize == U32 ? wide(wide, name) : packedSize;
    headerOffset = headerOffset == U32 ? wide(wide, name) : headerOffset;
    in.position(at + ENTRY_BYTES + nameBytes + extraBytes + commentBytes);

    if ((flags & ENCRYPTED) != 0) {
      throw new ZipException("entry " + name + " is encrypted");
    }
    if (method != 0 && method != 8) {
      throw new ZipException("entry " + name + " is packed by method " + method + ", not deflated");
    }
    if ((method == 0 && packedSize != size)
        || size < 0
        || size / DEFLATE_LIMIT > packedSize
        || packedSize < 0) {
      throw new ZipException(
          "entry " + name + " says " + size + " bytes, which " + packedSize + " cannot hold");
    }
    long dataOffset = dataOffset(source, name, nameInBytes, headerOffset, directoryOffset);
    if (packedSize > directoryOffset - dataOffset) {
      throw new ZipException("entry " + name + " reaches past the end of the entries");
    }
    return new Entry(name, method == 8, crc, packedSize, size, headerOffset, dataOffset);
  }

  private static String name(byte[] bytes) throws ZipException {
    String name = new String(bytes, StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_NAME_BYTES) {
      throw new ZipException("has an entry with a name of " + bytes.length + " bytes");
    }
    if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd)) {
      throw new ZipException("has an entry whose name holds unprintable characters");
    }
    if (name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..")) {
      throw new ZipException("has an entry called " + name + ", which points out of the archive");
    }
    return name;
  }

  /** Returns the 64-bit sizes of an entry's extra field, in file order; empty if it has none. */
  private static ByteBuffer wideSizes(ByteBuffer in, int from, int bytes) throws ZipException {
    int at = from;
    while (at + 4 <= from + bytes) {
      int kind = in.getShort(at) & U16;
      int length = in.getShort(at + 2) & U16;
      if (at + 4 + length > from + bytes) {
        throw new ZipException("has a damaged directory");
      }
      if (kind == 1) {
        return in.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      at += 4 + length;
    }
    return ByteBuffer.allocate(0);
  }

  private static long wide(ByteBuffer sizes, String name) throws ZipException {
    if (sizes.remaining() < Long.BYTES) {
      throw new ZipException("entry " + name + " lacks its 64-bit size");
    }
    return sizes.getLong();
  }

  private static long dataOffset(
      ByteSource source, String name, byte[] nameInBytes, long headerOffset, long limit)
      throws IOException {
    if (headerOffset < 0 || headerOffset > limit - LOCAL_BYTES) {
      throw new ZipException("entry " + name + " begins outside the file");
    }
    ByteBuffer local = read(source, headerOffset, LOCAL_BYTES);
    int nameBytes = local.getShort(26) & U16;
    int extraBytes = local.getShort(28) & U16;
    if (local.getInt(0) != LOCAL_SIGNATURE
        || nameBytes != nameInBytes.length
        || headerOffset + LOCAL_BYTES + nameBytes + extraBytes > limit
        || !read(source, headerOffset + LOCAL_BYTES, nameBytes)
            .equals(ByteBuffer.wrap(nameInBytes))) {
      throw new ZipException("entry " + name + " is not where the directory says");
    }
    return headerOffset + LOCAL_BYTES + nameBytes + extraBytes;
  }

  private static void refuseOverlaps(Map<String, Entry> entries) throws ZipException {
    List<Entry> byOffset = new ArrayList<>(entries.values());
    byOffset.sort(Comparator.comparingLong(Entry::headerOffset));
    long end = 0;
    for (Entry entry : byOffset) {
      if (entry.headerOffset < end) {
        throw new ZipException("entry " + entry.name + " overlaps another");
      }
      end = entry.dataOffset + entry.packedSize;
    }
  }

  private static ByteBuffer read(ByteSource source, long offset, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (source.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }
}
