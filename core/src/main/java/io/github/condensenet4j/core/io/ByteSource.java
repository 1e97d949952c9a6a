package io.github.condensenet4j.core.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that are read at any place, by several readers side by side: a file or an array. */
interface ByteSource extends Closeable {

  /** Returns how many bytes there are. */
  long size() throws IOException;

  /**
   * Reads some of the bytes from {@code position} on into {@code target}.
   *
   * @return how many were read; -1 at the end
   */
  int read(ByteBuffer target, long position) throws IOException;

  /** Returns the bytes of an open file, which is closed with the source. */
  static ByteSource of(FileChannel channel) {
    return new ByteSource() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /** Returns the bytes of an array, which must not change. */
  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(ByteBuffer target, long position) {
        if (position >= bytes.length) {
          return -1;
        }
        int count = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, count);
        return count;
      }

      @Override
      public void close() {}
    };
  }
}
