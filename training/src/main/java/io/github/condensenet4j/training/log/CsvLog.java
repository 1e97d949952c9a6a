package io.github.condensenet4j.training.log;

import io.github.condensenet4j.core.io.FileProblem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A table that grows by a row at a time and survives its program: each row is handed to the
 * operating system whole, and a row that was cut off is no row.
 *
 * @param <R> what a row says
 */
final class CsvLog<R> implements AutoCloseable {

  private final Path file;
  private final List<R> rows;
  private final Function<R, String> toRow;
  // Not a channel, which an interrupt would close.
  private final RandomAccessFile out;

  private CsvLog(Path file, List<R> rows, Function<R, String> toRow, RandomAccessFile out) {
    this.file = file;
    this.rows = rows;
    this.toRow = toRow;
    this.out = out;
  }

  /**
   * Opens the table in {@code file} with those of its rows whose {@code key} is below {@code end};
   * the others are cut off.
   */
  static <R> CsvLog<R> open(
      Path file,
      String header,
      Function<R, String> toRow,
      Function<String, R> ofRow,
      ToLongFunction<R> key,
      long end) {
    try {
      List<R> rows = new ArrayList<>();
      long length = Files.exists(file) ? readRows(file, header, ofRow, key, end, rows) : 0;
      CsvLog<R> log = new CsvLog<>(file, rows, toRow, new RandomAccessFile(file.toFile(), "rw"));
      log.out.setLength(length);
      log.out.seek(length);
      if (length == 0) {
        log.write(header);
      }
      return log;
    } catch (IOException e) {
      throw FileProblem.writing(file, e);
    }
  }

  /** Collects the rows to keep and returns the length of the file up to their end. */
  private static <R> long readRows(
      Path file,
      String header,
      Function<String, R> ofRow,
      ToLongFunction<R> key,
      long end,
      List<R> rows)
      throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    long length = 0;
    int start = 0;
    for (int newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', start)) {
      String line = text.substring(start, newline);
      if (start == 0) {
        if (!line.equals(header)) {
          return 0;
        }
      } else {
        R row = parsed(line, ofRow);
        if (row == null || key.applyAsLong(row) >= end) {
          return length;
        }
        rows.add(row);
      }
      start = newline + 1;
      // Rows are ASCII: one character, one byte.
      length = start;
    }
    return length;
  }

  private static <R> R parsed(String line, Function<String, R> ofRow) {
    try {
      return ofRow.apply(line);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return null;
    }
  }

  /** Adds a row. */
  void add(R row) {
    try {
      write(toRow.apply(row));
    } catch (IOException e) {
      throw FileProblem.writing(file, e);
    }
    rows.add(row);
  }

  /** Returns all rows, those of an earlier part of the run included. */
  List<R> rows() {
    return rows;
  }

  /** Returns when all rows are on the disk, and not only with the operating system. */
  void force() {
    try {
      out.getFD().sync();
    } catch (IOException e) {
      throw FileProblem.writing(file, e);
    }
  }

  private void write(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw FileProblem.writing(file, e);
    }
  }
}
