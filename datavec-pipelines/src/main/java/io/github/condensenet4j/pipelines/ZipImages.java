package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.images.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The images of a zip archive. */
final class ZipImages implements ImageArchives.Archive {

  private final Path archive;
  private final ZipFile zip;

  private ZipImages(Path archive, ZipFile zip) {
    this.archive = archive;
    this.zip = zip;
  }

  /**
   * Opens {@code archive}; it is closed when nobody has its images any more.
   *
   * @throws InvalidFileException if it is damaged or no zip archive
   */
  static ZipImages open(Path archive) {
    try {
      return new ZipImages(archive, new ZipFile(archive.toFile()));
    } catch (IOException e) {
      throw new InvalidFileException(
          archive, "is no zip archive, or a damaged one: " + e.getMessage(), e);
    }
  }

  @Override
  public List<ImageArchives.Member> members() {
    return zip.stream()
        .filter(entry -> !entry.isDirectory() && FolderIndex.isImage(entry.getName()))
        .map(entry -> new ImageArchives.Member(entry.getName(), new Part(this, entry.getName())))
        .toList();
  }

  /** An entry of an archive. */
  private record Part(ZipImages images, String path) implements ImageFile {

    @Override
    public String name() {
      return images.archive + "!/" + path;
    }

    @Override
    public byte[] read() {
      ZipEntry entry = images.zip.getEntry(path);
      try (InputStream in = images.zip.getInputStream(entry)) {
        // A few bytes can unpack to any number.
        return in.readNBytes(ImageDecoder.MAX_BYTES + 1);
      } catch (IOException e) {
        throw new InvalidFileException(name(), "cannot be unpacked: " + e.getMessage(), e);
      }
    }
  }
}
