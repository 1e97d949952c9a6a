package io.github.condensenet4j.training.log;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a chart.
 *
 * @param name what the legend calls it
 * @param points where it passes, from left to right; a value that is not finite leaves a gap
 */
record Curve(String name, List<Point> points) {

  private static final int MOST_POINTS = 600;

  /**
   * A place on a chart.
   *
   * @param x position in epochs
   * @param y value
   */
  record Point(double x, double y) {}

  Curve {
    points = List.copyOf(points);
  }

  /**
   * Returns the curve with means of neighbours, so that a page holds a few hundred points of it.
   */
  Curve thinned() {
    if (points.size() <= MOST_POINTS) {
      return this;
    }
    List<Point> means = new ArrayList<>();
    for (int i = 0; i < MOST_POINTS; i++) {
      int from = (int) ((long) points.size() * i / MOST_POINTS);
      int to = (int) ((long) points.size() * (i + 1) / MOST_POINTS);
      means.add(mean(points.subList(from, to)));
    }
    return new Curve(name, means);
  }

  private static Point mean(List<Point> neighbours) {
    return new Point(
        neighbours.stream().mapToDouble(Point::x).average().orElseThrow(),
        neighbours.stream().mapToDouble(Point::y).average().orElseThrow());
  }

  /** Returns the stretches without gaps. */
  List<List<Point>> stretches() {
    List<List<Point>> stretches = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= points.size(); i++) {
      if (i == points.size() || !Double.isFinite(points.get(i).y())) {
        if (i > start) {
          stretches.add(points.subList(start, i));
        }
        start = i + 1;
      }
    }
    return stretches;
  }
}
