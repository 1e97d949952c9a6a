package io.github.condensenet4j.images;

import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes in memory as ImageIO reads them, without a copy or a cache file. */
final class ByteArrayImageStream extends ImageInputStreamImpl {

  private final byte[] bytes;
  private boolean exhausted;

  ByteArrayImageStream(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      exhausted = true;
      return -1;
    }
    return bytes[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, bytes.length - streamPos);
    if (count <= 0) {
      exhausted = true;
      return -1;
    }
    System.arraycopy(bytes, (int) streamPos, into, offset, count);
    streamPos += count;
    return count;
  }

  /** Tells whether more was asked for than there is. */
  boolean isExhausted() {
    return exhausted;
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
