package io.github.condensenet4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns of text, as wide as they need to be. */
final class Table {

  private static final String GAP = "  ";

  private final boolean[] isRight;
  private final List<String[]> rows = new ArrayList<>();

  /** Creates a table with these headings; a heading that begins with {@code >} aligns right. */
  Table(String... headings) {
    isRight = new boolean[headings.length];
    String[] plain = headings.clone();
    for (int column = 0; column < plain.length; column++) {
      isRight[column] = plain[column].startsWith(">");
      plain[column] = isRight[column] ? plain[column].substring(1) : plain[column];
    }
    rows.add(plain);
  }

  /** Adds a row. */
  void row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
  }

  /** Returns the table, a line a row. */
  @Override
  public String toString() {
    int[] widths = new int[isRight.length];
    for (String[] row : rows) {
      for (int column = 0; column < row.length; column++) {
        widths[column] = Math.max(widths[column], row[column].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.length; column++) {
        String space = " ".repeat(widths[column] - row[column].length());
        line.append(column == 0 ? "" : GAP)
            .append(isRight[column] ? space + row[column] : row[column] + space);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
