package io.github.condensenet4j.training.log;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The range of values that a chart shows.
 *
 * @param low value at its beginning
 * @param high value at its end, above {@code low}
 */
record Axis(double low, double high) {

  /**
   * Returns the range of all finite values, from {@code lowest} on unless that is NaN; a single
   * value gets some room above.
   */
  static Axis of(double lowest, DoubleStream values) {
    DoubleSummaryStatistics finite = values.filter(Double::isFinite).summaryStatistics();
    double low = Double.isNaN(lowest) ? finite.getMin() : Math.min(lowest, finite.getMin());
    double high = finite.getMax();
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return new Axis(0, 1);
    }
    return new Axis(low, high > low ? high : low + Math.max(1e-6, Math.abs(low)));
  }

  /** Returns how far along {@code value} lies, 0 to 1. */
  double share(double value) {
    return (value - low) / (high - low);
  }

  /** Returns at most about {@code most} round numbers within the range. */
  List<Double> ticks(int most) {
    double step = roundStep((high - low) / most);
    List<Double> ticks = new ArrayList<>();
    long first = (long) Math.ceil(low / step - 1e-9);
    long last = (long) Math.floor(high / step + 1e-9);
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Returns the smallest of 1, 2, 5, 10, … times a power of ten that is not below {@code step}. */
  private static double roundStep(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= step * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Returns {@code value} with at most four significant digits, without needless zeros. */
  static String label(double value) {
    if (value == 0 || Math.abs(value) < 1e-12) {
      return "0";
    }
    if (Math.abs(value) < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", value).replace(".0e", "e");
    }
    int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(Math.abs(value))));
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
