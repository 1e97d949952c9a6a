package io.github.condensenet4j.core.io;

import io.github.condensenet4j.core.FileWriteException;
import io.github.condensenet4j.core.InvalidFileException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns what the operating system says about a file into one line that a user can act on. */
public final class FileProblem {

  private FileProblem() {}

  /** Returns the exception to throw when {@code file} could not be read because of {@code e}. */
  public static InvalidFileException reading(Path file, IOException e) {
    return new InvalidFileException(file, readingProblem(file, e), e);
  }

  /** Returns the exception to throw when {@code file} could not be written because of {@code e}. */
  public static FileWriteException writing(Path file, IOException e) {
    return new FileWriteException(file, writingProblem(file, e), e);
  }

  private static String readingProblem(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist; check the path";
    }
    if (e instanceof AccessDeniedException) {
      return "may not be read by this user; change its permissions";
    }
    if (Files.isDirectory(file)) {
      return "is a folder, a file is expected";
    }
    if (e instanceof CharacterCodingException) {
      return "is no text in UTF-8; save it as such";
    }
    return "could not be read (" + reason(e) + ")";
  }

  private static String writingProblem(Path file, IOException e) {
    String reason = reason(e);
    String lower = reason.toLowerCase(Locale.ROOT);
    Path folder = file.toAbsolutePath().getParent();
    if (lower.contains("no space left") || lower.contains("not enough space")) {
      return "the disk is full; free some space or choose a folder on another disk";
    }
    if (lower.contains("quota exceeded")) {
      return "the disk quota is used up; free some space or choose a folder on another disk";
    }
    if (lower.contains("read-only file system")) {
      return "the disk is read-only; choose a folder on another disk";
    }
    if (Files.isDirectory(file)) {
      return "is a folder, a file name is expected";
    }
    if (e instanceof AccessDeniedException) {
      return "the folder " + folder + " is not writable; change its permissions or choose another";
    }
    if (e instanceof NoSuchFileException) {
      return Files.isDirectory(folder)
          ? "no file can be made in the folder " + folder + "; choose another"
          : "the folder " + folder + " does not exist; create it first";
    }
    if (e instanceof FileAlreadyExistsException && Files.exists(file)) {
      return "is a file, a folder is expected; choose another path";
    }
    if (e instanceof NotDirectoryException
        || e instanceof FileAlreadyExistsException
        || lower.contains("not a directory")) {
      return folder + " is not a folder; choose another path";
    }
    return "could not be written (" + reason + ")";
  }

  /** Returns the operating system's words: a file system exception's message is mostly its path. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException problem && problem.getReason() != null) {
      return problem.getReason();
    }
    return e.getMessage() == null || e instanceof FileSystemException
        ? e.getClass().getSimpleName()
        : e.getMessage();
  }
}
