package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The images of one or more tar or zip archives (<em>shards</em>): a class for each first folder of
 * their paths, behind folders that all of them have in common.
 *
 * <p>Archives are listed when they are opened, and read from any place in any order, so those that
 * are compressed as a whole are refused. Nothing is unpacked to disk.
 */
final class ImageArchives {

  /** An archive that is open; images are read from it by several threads. */
  interface Archive {

    /** Returns its image files, in its order. */
    List<Member> members();
  }

  /**
   * An image in an archive.
   *
   * @param path its path in the archive, with slashes
   */
  record Member(String path, ImageFile file) {}

  private final Map<String, List<ImageFile>> classes = new TreeMap<>();

  private ImageArchives(Path place, List<Path> archives) {
    // Archives are as independent as folders, and the processor has little to do with either.
    List<Member> members =
        archives.parallelStream().flatMap(file -> open(file).members().stream()).toList();
    if (members.isEmpty()) {
      throw new InvalidFileException(
          place,
          "holds no images; files with "
              + String.join(", ", FolderIndex.EXTENSIONS)
              + " in a folder for each class expected");
    }
    int common = commonFolders(members);
    members.stream()
        .sorted(Comparator.comparing(Member::path))
        .forEach(
            member -> {
              String path = member.path().substring(common);
              int end = path.indexOf('/');
              if (end < 0) {
                throw new InvalidFileException(
                    member.file().name(), "is in no folder, one for each class expected");
              }
              classes
                  .computeIfAbsent(path.substring(0, end), name -> new ArrayList<>())
                  .add(member.file());
            });
  }

  /** Returns the length of what all paths begin with, up to the folders of classes. */
  private static int commonFolders(List<Member> members) {
    String first = members.get(0).path();
    int common = 0;
    while (true) {
      int end = first.indexOf('/', common);
      if (end < 0) {
        return common;
      }
      String prefix = first.substring(0, end + 1);
      boolean isCommon =
          members.stream()
              .allMatch(
                  member ->
                      member.path().startsWith(prefix)
                          && member.path().indexOf('/', prefix.length()) >= 0);
      if (!isCommon) {
        return common;
      }
      common = end + 1;
    }
  }

  private static Archive open(Path file) {
    return hasEnding(file, ".zip") ? ZipImages.open(file) : TarImages.open(file);
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  private static boolean isArchive(Path file) {
    boolean isCompressed =
        Stream.of(".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst")
            .anyMatch(ending -> hasEnding(file, ending));
    if (isCompressed && Files.isRegularFile(file)) {
      throw new InvalidFileException(
          file,
          "is compressed as a whole, so its images cannot be read in any order; unpack it to a"
              + " .tar, or pack a .zip");
    }
    return (hasEnding(file, ".tar") || hasEnding(file, ".zip")) && Files.isRegularFile(file);
  }

  /**
   * Returns the archives at {@code place}: itself, or those in it, if it has no folders.
   *
   * @throws InvalidFileException if one is compressed as a whole
   */
  static List<Path> at(Path place) {
    if (!Files.isDirectory(place)) {
      return isArchive(place) ? List.of(place) : List.of();
    }
    try (Stream<Path> found = Files.list(place)) {
      List<Path> entries =
          found.filter(entry -> !entry.getFileName().toString().startsWith(".")).sorted().toList();
      boolean hasFolders = entries.stream().anyMatch(Files::isDirectory);
      return hasFolders ? List.of() : entries.stream().filter(ImageArchives::isArchive).toList();
    } catch (IOException e) {
      throw FileProblem.reading(place, e);
    }
  }

  /**
   * Opens the archives at {@code place}, if it is one or holds some.
   *
   * @throws InvalidFileException if one is damaged, or they hold no images in folders
   */
  static Optional<ImageArchives> find(Path place) {
    List<Path> archives = at(place);
    return archives.isEmpty() ? Optional.empty() : Optional.of(new ImageArchives(place, archives));
  }

  /** Returns the names of the classes, in order. */
  List<String> classNames() {
    return List.copyOf(classes.keySet());
  }

  /** Returns the images of a class, in the order of their paths. */
  List<ImageFile> files(String className) {
    return classes.getOrDefault(className, List.of());
  }
}
