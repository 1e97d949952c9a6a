package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.images.ImageDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** The images of a tar archive, which lie in it as they are. */
final class TarImages implements ImageArchives.Archive {

  private final Path archive;
  private final List<ImageArchives.Member> members;
  private FileChannel channel;

  private TarImages(Path archive) {
    this.archive = archive;
    members = list();
  }

  /**
   * Lists {@code archive}.
   *
   * @throws InvalidFileException if it is damaged or no tar archive
   */
  static TarImages open(Path archive) {
    return new TarImages(archive);
  }

  private List<ImageArchives.Member> list() {
    long length;
    try (TarFile tar = new TarFile(archive.toFile())) {
      length = Files.size(archive);
      return tar.getEntries().stream()
          .filter(entry -> entry.isFile() && !entry.isLink() && !entry.isSymbolicLink())
          .filter(entry -> !entry.isSparse() && FolderIndex.isImage(entry.getName()))
          .map(entry -> member(entry, length))
          .toList();
    } catch (IllegalArgumentException | IOException e) {
      // Nonsense in a header is either of the two.
      throw new InvalidFileException(
          archive, "is no tar archive, or a damaged one: " + e.getMessage(), e);
    }
  }

  private ImageArchives.Member member(TarArchiveEntry entry, long length) {
    if (entry.getDataOffset() < 0 || entry.getDataOffset() + entry.getSize() > length) {
      throw new InvalidFileException(archive, "ends within " + entry.getName() + "; copy it again");
    }
    return new ImageArchives.Member(
        plain(entry.getName()),
        new Part(this, entry.getName(), entry.getDataOffset(), entry.getSize()));
  }

  private static String plain(String path) {
    return path.startsWith("./") ? path.substring(2) : path;
  }

  @Override
  public List<ImageArchives.Member> members() {
    return members;
  }

  /** A file that lies at {@code offset} of an archive. */
  private record Part(TarImages tar, String path, long offset, long size) implements ImageFile {

    @Override
    public String name() {
      return tar.archive + "!/" + path;
    }

    @Override
    public byte[] read() {
      return tar.read(this);
    }
  }

  private byte[] read(Part part) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.min(part.size(), ImageDecoder.MAX_BYTES + 1L));
    boolean interrupted = Thread.interrupted();
    try {
      while (bytes.hasRemaining()) {
        try {
          if (channel().read(bytes, part.offset() + bytes.position()) < 0) {
            throw new InvalidFileException(part.name(), "is cut off; copy the archive again");
          }
        } catch (ClosedChannelException e) {
          // Whoever is interrupted while reading closes the channel for all.
          interrupted |= Thread.interrupted();
        }
      }
    } catch (IOException e) {
      throw FileProblem.reading(archive, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return bytes.array();
  }

  private synchronized FileChannel channel() throws IOException {
    if (channel == null || !channel.isOpen()) {
      channel = FileChannel.open(archive);
    }
    return channel;
  }
}
