package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.io.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The image files of a folder of class folders, listed once and kept in a file of that folder:
 * listing the 1.28 million of ImageNet takes minutes where the disk is far away.
 *
 * <p>The file holds the time of last change of every folder, so that an index is used only as long
 * as nothing was added, removed or renamed, and a SHA-256 sum over names and sizes, by which two
 * copies of the data can be compared.
 */
public final class FolderIndex {

  /** Name of the file that {@link #write} writes. */
  public static final String FILE_NAME = ".condensenet-index";

  static final List<String> EXTENSIONS =
      List.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp");

  private static final Logger LOG = LoggerFactory.getLogger(FolderIndex.class);

  private static final String TITLE = "condensenet4j image index 1";
  private static final String SUM = "sha256\t";
  private static final String FOLDER = "folder\t";
  private static final String FILE = "file\t";

  private final Path folder;
  private final Map<String, Listing> classes;

  private FolderIndex(Path folder, Map<String, Listing> classes) {
    this.folder = folder;
    this.classes = classes;
  }

  /** A class folder: folders with their times, files with their sizes, relative and in order. */
  private record Listing(List<Entry> folders, List<Entry> files) {
    Listing() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /** A path with a number. */
  private record Entry(String path, long number) {}

  /**
   * Lists {@code folder}.
   *
   * @param threads threads that list class folders
   * @throws InvalidFileException if it is no folder, holds no class folders, or holds archives,
   *     which say themselves what is in them
   */
  public static FolderIndex list(Path folder, int threads) {
    if (threads < 1) {
      throw new InvalidOptionException("-j", "1 or more", threads);
    }
    List<Path> archives = ImageArchives.at(folder);
    if (!archives.isEmpty()) {
      throw new InvalidFileException(
          archives.get(0), "is an archive, which needs no index; use it as it is");
    }
    List<String> names = classFolders(folder);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      Map<String, CompletableFuture<Listing>> running = new LinkedHashMap<>();
      for (String name : names) {
        running.put(name, CompletableFuture.supplyAsync(() -> listing(folder, name), executor));
      }
      Map<String, Listing> classes = new LinkedHashMap<>();
      running.forEach((name, listing) -> classes.put(name, listing.join()));
      return new FolderIndex(folder, classes);
    } catch (CompletionException e) {
      throw e.getCause() instanceof CondenseNetException told ? told : e;
    } finally {
      executor.shutdownNow();
    }
  }

  /** Returns the names of the class folders, in order. */
  static List<String> classFolders(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new InvalidFileException(
          folder, "is a file, a folder with a folder of images for each class expected");
    }
    if (!Files.isDirectory(folder)) {
      throw new InvalidFileException(
          folder, "there is no such folder, one with a folder of images for each class expected");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unlistable(folder, e);
    }
  }

  private static InvalidFileException unlistable(Path folder, IOException e) {
    return e instanceof AccessDeniedException
        ? FileProblem.reading(folder, e)
        : new InvalidFileException(folder, "cannot be listed: " + e.getMessage(), e);
  }

  private static Listing listing(Path folder, String className) {
    Path classFolder = folder.resolve(className);
    Listing found = new Listing();
    try (Stream<Path> entries = Files.walk(classFolder, FileVisitOption.FOLLOW_LINKS)) {
      entries.forEach(entry -> add(folder, entry, found));
    } catch (IOException e) {
      throw unlistable(classFolder, e);
    } catch (UncheckedIOException e) {
      throw unlistable(classFolder, e.getCause());
    }
    found.folders().sort(Comparator.comparing(Entry::path));
    found.files().sort(Comparator.comparing(Entry::path));
    return found;
  }

  private static void add(Path folder, Path entry, Listing listing) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      String path = folder.relativize(entry).toString();
      if (attributes.isDirectory()) {
        listing.folders().add(new Entry(path, attributes.lastModifiedTime().toMillis()));
      } else if (attributes.isRegularFile() && isImage(entry.getFileName().toString())) {
        listing.files().add(new Entry(path, attributes.size()));
      }
    } catch (NoSuchFileException e) {
      // A link that leads nowhere is no image.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells whether a file of this name is taken for an image. */
  static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(lower::endsWith);
  }

  /**
   * Returns the index that {@code folder} holds, if it does and nothing has changed since. One that
   * is damaged is passed over: all that it holds can be listed again.
   */
  public static Optional<FolderIndex> find(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      FolderIndex index = read(folder);
      if (index.isFresh()) {
        return Optional.of(index);
      }
      LOG.warn("{} is out of date and not used; 'data index' makes it anew", file);
    } catch (InvalidFileException e) {
      LOG.warn("not used: {}", e.getMessage());
    }
    return Optional.empty();
  }

  private boolean isFresh() {
    if (!classFolders(folder).equals(List.copyOf(classes.keySet()))) {
      return false;
    }
    for (Listing listing : classes.values()) {
      for (Entry entry : listing.folders()) {
        try {
          long time = Files.getLastModifiedTime(folder.resolve(entry.path())).toMillis();
          if (time != entry.number()) {
            return false;
          }
        } catch (IOException e) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Reads the index that {@code folder} holds.
   *
   * @throws InvalidFileException if it is damaged
   */
  static FolderIndex read(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    Map<String, Listing> classes = new LinkedHashMap<>();
    Sha256 sum = new Sha256();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      if (!TITLE.equals(lines.readLine())) {
        throw damaged(file, "does not begin with '" + TITLE + "'");
      }
      String told = lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(FILE)) {
          update(sum, line);
        }
        add(file, line, classes);
      }
      if (told == null || !told.equals(SUM + sum.hex())) {
        throw damaged(file, "its sum does not fit its names and sizes");
      }
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
    return new FolderIndex(folder, classes);
  }

  private static void add(Path file, String line, Map<String, Listing> classes) {
    boolean isFolder = line.startsWith(FOLDER);
    String[] parts = line.split("\t", 3);
    if (parts.length < 3 || !(isFolder || line.startsWith(FILE))) {
      throw damaged(file, "holds the line '" + line + "'");
    }
    long number;
    try {
      number = Long.parseLong(parts[1]);
    } catch (NumberFormatException e) {
      throw damaged(file, "holds the line '" + line + "'");
    }
    String path = unescaped(parts[2]);
    Path normal = Path.of(path).normalize();
    // A path that leads elsewhere would have training read any file of the machine.
    if (normal.isAbsolute() || !normal.toString().equals(path) || normal.startsWith("..")) {
      throw damaged(file, "names '" + path + "', which lies outside the folder");
    }
    Listing listing = classes.computeIfAbsent(normal.getName(0).toString(), name -> new Listing());
    (isFolder ? listing.folders() : listing.files()).add(new Entry(path, number));
  }

  private static InvalidFileException damaged(Path file, String why) {
    return new InvalidFileException(file, why + "; remove it, or make it anew with 'data index'");
  }

  private static void update(Sha256 sum, String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    sum.update(bytes, 0, bytes.length);
  }

  /**
   * Writes the index into its folder.
   *
   * @return the file
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written
   */
  public Path write() {
    Path file = folder.resolve(FILE_NAME);
    AtomicFile.write(
        file,
        out -> {
          StringBuilder text = new StringBuilder();
          text.append(TITLE).append('\n').append(SUM).append(sha256()).append('\n');
          for (Listing listing : classes.values()) {
            listing.folders().forEach(entry -> text.append(line(FOLDER, entry)).append('\n'));
            listing.files().forEach(entry -> text.append(line(FILE, entry)).append('\n'));
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            text.setLength(0);
          }
          out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        });
    return file;
  }

  private static String line(String kind, Entry entry) {
    return kind + entry.number() + "\t" + escaped(entry.path());
  }

  private static String escaped(String path) {
    return path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescaped(String text) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        c =
            switch (text.charAt(i)) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> text.charAt(i);
            };
      }
      path.append(c);
    }
    return path.toString();
  }

  /** Returns the names of the classes, in order. */
  public List<String> classNames() {
    return List.copyOf(classes.keySet());
  }

  /** Returns the image files of a class, relative to the folder, in order. */
  public List<String> files(String className) {
    Listing listing = classes.get(className);
    return listing == null ? List.of() : listing.files().stream().map(Entry::path).toList();
  }

  /** Returns the number of image files. */
  public int images() {
    return classes.values().stream().mapToInt(listing -> listing.files().size()).sum();
  }

  /** Returns the size of all image files together. */
  public long bytes() {
    return classes.values().stream()
        .flatMap(listing -> listing.files().stream())
        .mapToLong(Entry::number)
        .sum();
  }

  /** Returns the SHA-256 sum over the names and sizes of all image files. */
  public String sha256() {
    Sha256 sum = new Sha256();
    classes
        .values()
        .forEach(listing -> listing.files().forEach(entry -> update(sum, line(FILE, entry))));
    return sum.hex();
  }
}
