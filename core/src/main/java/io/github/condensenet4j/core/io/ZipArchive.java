package io.github.condensenet4j.core.io;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A zip archive that is not trusted: entries by name, each read within its declared size and held
 * against its checksum.
 *
 * <p>Opening refuses whatever an honest writer never makes: names that occur twice or point out of
 * the archive, entries that overlap, sizes that the bytes cannot hold, and archives that unpack to
 * more than {@link #BOMB_RATIO} times their size (small ones excepted). Stored and deflated entries
 * are read, also in the 64-bit form.
 */
public final class ZipArchive implements Closeable {

  /** An archive that unpacks to less than this many bytes is never called a bomb. */
  static final long HARMLESS_BYTES = 1L << 28;

  /** How many times its own size an archive may unpack to: zeros shrink a thousandfold. */
  static final int BOMB_RATIO = 100;

  private final Path file;
  private final ByteSource source;
  private final ZipDirectory directory;

  private ZipArchive(Path file, ByteSource source, ZipDirectory directory) {
    this.file = file;
    this.source = source;
    this.directory = directory;
  }

  /**
   * Opens {@code file}.
   *
   * @throws InvalidFileException if it is missing, no zip archive, damaged or hostile
   */
  public static ZipArchive open(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return of(file, ByteSource.of(channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (ZipException | EOFException e) {
      throw new InvalidFileException(file, problem(e), e);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  /**
   * Opens an archive that is in memory.
   *
   * @param name what to call it in messages
   * @throws InvalidFileException if {@code bytes} are no zip archive, damaged or hostile
   */
  public static ZipArchive of(Path name, byte[] bytes) {
    try {
      return of(name, ByteSource.of(bytes));
    } catch (IOException e) {
      throw new InvalidFileException(name, problem(e), e);
    }
  }

  private static ZipArchive of(Path file, ByteSource source) throws IOException {
    ZipDirectory directory = ZipDirectory.read(source);
    refuseBomb(directory, source.size());
    return new ZipArchive(file, source, directory);
  }

  private static void refuseBomb(ZipDirectory directory, long packed) throws ZipException {
    long unpacked = 0;
    for (ZipDirectory.Entry entry : directory.entries().values()) {
      unpacked = Math.addExact(unpacked, entry.size());
      if (unpacked > HARMLESS_BYTES && unpacked / BOMB_RATIO > packed) {
        throw new ZipException(
            "is a zip bomb: "
                + packed
                + " bytes that unpack to more than "
                + BOMB_RATIO
                + " times as many");
      }
    }
  }

  /** Returns the names of all entries, in the order of the archive's directory. */
  public Set<String> names() {
    return Collections.unmodifiableSet(directory.entries().keySet());
  }

  /** Tells whether there is an entry called {@code name}. */
  public boolean contains(String name) {
    return directory.entries().containsKey(name);
  }

  /** Returns the archive's comment as its bytes, at most 65,535. */
  public byte[] comment() {
    return directory.comment();
  }

  /** Returns the file's own bytes up to where the comment begins, for a sum over them. */
  public InputStream beforeComment() {
    return new Slice(source, 0, directory.commentOffset());
  }

  /**
   * Returns the unpacked size of entry {@code name} in bytes.
   *
   * @throws InvalidFileException if there is no such entry
   */
  public long size(String name) {
    return entry(name).size();
  }

  /**
   * Returns entry {@code name}, unpacked.
   *
   * @param limit the most bytes that the entry may have
   * @throws InvalidFileException if there is none, it is larger, or it is damaged
   */
  public byte[] bytes(String name, int limit) {
    ZipDirectory.Entry entry = entry(name);
    if (entry.size() > limit) {
      throw new InvalidFileException(
          file,
          "entry " + name + " has " + entry.size() + " bytes, at most " + limit + " expected");
    }
    try (InputStream in = stream(name)) {
      byte[] bytes = in.readNBytes((int) entry.size());
      if (in.read() >= 0) {
        throw new ZipException("entry " + name + " is longer than it says");
      }
      return bytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Returns the unpacked bytes of entry {@code name}, exactly {@link #size(String)} of them;
   * reading the last one fails with an {@link IOException} if the checksum does not hold.
   *
   * @throws InvalidFileException if there is no such entry
   */
  public InputStream stream(String name) {
    ZipDirectory.Entry entry = entry(name);
    InputStream stored = new Slice(source, entry.dataOffset(), entry.packedSize());
    InputStream unpacked =
        entry.isDeflated()
            ? new BufferedInputStream(new Inflated(stored), 1 << 16)
            : new BufferedInputStream(stored, 1 << 16);
    return new Checked(unpacked, entry);
  }

  /** Returns the exception to throw when reading an entry's stream failed with {@code e}. */
  public CondenseNetException failed(IOException e) {
    if (e instanceof ZipException || e instanceof EOFException) {
      return new InvalidFileException(file, problem(e), e);
    }
    return FileProblem.reading(file, e);
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private ZipDirectory.Entry entry(String name) {
    ZipDirectory.Entry entry = directory.entries().get(name);
    if (entry == null) {
      throw new InvalidFileException(file, "has no entry " + name + ", found " + some(names()));
    }
    return entry;
  }

  private static String some(Set<String> names) {
    return names.size() <= 8
        ? String.join(", ", names)
        : String.join(", ", names.stream().limit(8).toList())
            + " and "
            + (names.size() - 8)
            + " more";
  }

  private static String problem(IOException e) {
    return (e instanceof EOFException ? "ends too early" : e.getMessage())
        + "; the file is damaged or foreign, take another copy";
  }

  /** A part of the file as a stream; its own position, so that entries can be read side by side. */
  private static final class Slice extends InputStream {
    private final ByteSource source;
    private long position;
    private final long end;

    Slice(ByteSource source, long offset, long length) {
      this.source = source;
      this.position = offset;
      this.end = offset + length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= end) {
        return -1;
      }
      int wanted = (int) Math.min(length, end - position);
      int count = source.read(ByteBuffer.wrap(bytes, offset, wanted), position);
      if (count < 0) {
        throw new EOFException();
      }
      position += count;
      return count;
    }
  }

  /** Raw deflate; frees its native memory when closed. */
  private static final class Inflated extends InflaterInputStream {
    Inflated(InputStream in) {
      super(in, new Inflater(true), 1 << 14);
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }

  /** Ends after the declared size, and fails there if size or checksum do not hold. */
  private static final class Checked extends InputStream {
    private final InputStream in;
    private final ZipDirectory.Entry entry;
    private final CRC32 sum = new CRC32();
    private long left;

    Checked(InputStream in, ZipDirectory.Entry entry) {
      this.in = in;
      this.entry = entry;
      this.left = entry.size();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        if (entry.size() == 0) {
          check();
        }
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new ZipException("entry " + entry.name() + " is shorter than it says");
      }
      sum.update(bytes, offset, count);
      left -= count;
      if (left == 0) {
        check();
      }
      return count;
    }

    private void check() throws IOException {
      if (sum.getValue() != entry.crc()) {
        throw new ZipException("entry " + entry.name() + " does not have the checksum it should");
      }
      if (in.read() >= 0) {
        throw new ZipException("entry " + entry.name() + " is longer than it says");
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
