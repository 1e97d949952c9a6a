package io.github.condensenet4j.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody meant who mistyped a name. */
final class NearestNames {

  private static final int MOST = 3;

  private NearestNames() {}

  /**
   * Returns the names most like {@code typed}, the nearest first, three at most, none if nothing is
   * near.
   */
  static List<String> of(String typed, Collection<String> names) {
    return names.stream()
        .filter(name -> isNear(typed, name))
        .sorted(
            Comparator.<String>comparingInt(name -> distance(typed, name))
                .thenComparing(Comparator.naturalOrder()))
        .distinct()
        .limit(MOST)
        .toList();
  }

  /** Returns {@code "; did you mean a, b or c?"}, or nothing if no name is near. */
  static String question(String typed, Collection<String> names) {
    List<String> nearest = of(typed, names);
    if (nearest.isEmpty()) {
      return "";
    }
    int last = nearest.size() - 1;
    String all =
        last == 0
            ? nearest.get(0)
            : String.join(", ", nearest.subList(0, last)) + " or " + nearest.get(last);
    return "; did you mean " + all + "?";
  }

  private static boolean isNear(String typed, String name) {
    boolean startsAlike = typed.length() >= 4 && name.startsWith(typed);
    return startsAlike || distance(typed, name) <= Math.max(2, typed.length() / 3);
  }

  /**
   * Returns how many letters must be put in, taken out, changed or swapped with their neighbour.
   */
  private static int distance(String left, String right) {
    int[][] edits = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int fewest =
            Math.min(edits[i - 1][j - 1] + change, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        edits[i][j] = swapped ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
      }
    }
    return edits[left.length()][right.length()];
  }
}
