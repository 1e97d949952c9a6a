package io.github.condensenet4j.training.log;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Curves over epochs as an SVG picture, drawn with classes that the page's style sheet colours.
 *
 * @param title what stands above
 * @param unit what stands behind a value: {@code %} or nothing
 * @param lowest lower end of the vertical axis, or NaN to take it from the values
 * @param curves the lines, in the order of their colours
 */
record LineChart(String title, String unit, double lowest, List<Curve> curves) {

  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final int LEFT = 58;
  private static final int RIGHT = 16;
  private static final int TOP = 16;
  private static final int BOTTOM = 30;
  private static final int TICKS = 5;
  private static final int FEW_POINTS = 100;

  /** Returns a figure with the title, a legend and the picture. */
  String toHtml() {
    StringBuilder html = new StringBuilder();
    html.append("<figure><figcaption><b>").append(Html.escaped(title)).append("</b><span>");
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      html.append("<i class=\"c").append(i).append("\"></i>").append(Html.escaped(curve.name()));
      html.append(" <em>").append(lastValue(curve)).append("</em> ");
    }
    html.append("</span></figcaption>");
    html.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, Html.escaped(title)));
    Axis vertical = Axis.of(lowest, values(Curve.Point::y));
    Axis horizontal = Axis.of(0, values(Curve.Point::x));
    DoubleUnaryOperator toX = v -> LEFT + horizontal.share(v) * (WIDTH - LEFT - RIGHT);
    DoubleUnaryOperator toY = v -> HEIGHT - BOTTOM - vertical.share(v) * (HEIGHT - TOP - BOTTOM);
    appendGrid(html, vertical, horizontal, toX, toY);
    for (int i = 0; i < curves.size(); i++) {
      appendCurve(html, curves.get(i).thinned(), i, toX, toY);
    }
    return html.append("</svg></figure>\n").toString();
  }

  private DoubleStream values(ToDoubleFunction<Curve.Point> of) {
    return curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(of);
  }

  private String lastValue(Curve curve) {
    List<Curve.Point> points = curve.points();
    double last = points.isEmpty() ? Double.NaN : points.get(points.size() - 1).y();
    return Double.isFinite(last) ? Axis.label(last) + unit : "";
  }

  private void appendGrid(
      StringBuilder svg,
      Axis vertical,
      Axis horizontal,
      DoubleUnaryOperator toX,
      DoubleUnaryOperator toY) {
    for (double tick : vertical.ticks(TICKS)) {
      double y = toY.applyAsDouble(tick);
      svg.append(line("grid", LEFT, y, WIDTH - RIGHT, y));
      svg.append(text("end", LEFT - 8, y + 4, Axis.label(tick) + unit));
    }
    for (double tick : horizontal.ticks(2 * TICKS)) {
      double x = toX.applyAsDouble(tick);
      svg.append(line("tick", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4));
      svg.append(text("middle", x, HEIGHT - BOTTOM + 18, Axis.label(tick)));
    }
    svg.append(line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM));
  }

  private static void appendCurve(
      StringBuilder svg,
      Curve curve,
      int colour,
      DoubleUnaryOperator toX,
      DoubleUnaryOperator toY) {
    for (List<Curve.Point> stretch : curve.stretches()) {
      String fine = stretch.size() > FEW_POINTS ? " fine" : "";
      svg.append("<polyline class=\"c%d%s\" points=\"".formatted(colour, fine));
      for (Curve.Point point : stretch) {
        svg.append(number(toX.applyAsDouble(point.x()))).append(',');
        svg.append(number(toY.applyAsDouble(point.y()))).append(' ');
      }
      svg.append("\"/>");
      Curve.Point last = stretch.get(stretch.size() - 1);
      svg.append(
          "<circle class=\"c%d\" cx=\"%s\" cy=\"%s\" r=\"3\"/>"
              .formatted(
                  colour,
                  number(toX.applyAsDouble(last.x())),
                  number(toY.applyAsDouble(last.y()))));
    }
  }

  private static String line(String style, double x1, double y1, double x2, double y2) {
    return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
        .formatted(style, number(x1), number(y1), number(x2), number(y2));
  }

  private static String text(String anchor, double x, double y, String text) {
    return "<text text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
        .formatted(anchor, number(x), number(y), Html.escaped(text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
