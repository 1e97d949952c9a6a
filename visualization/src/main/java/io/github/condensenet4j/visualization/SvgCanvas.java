package io.github.condensenet4j.visualization;

import java.util.Locale;

/** Draws as SVG to stand in a page, whose style sheet has the colours of {@link Canvas.Ink}. */
final class SvgCanvas implements Canvas {

  private final StringBuilder svg = new StringBuilder();

  private SvgCanvas() {}

  /** Returns the picture as an element of a page. */
  static String draw(Drawing drawing, String label) {
    SvgCanvas canvas = new SvgCanvas();
    canvas
        .svg
        .append("<svg role=\"img\" aria-label=\"")
        .append(escaped(label))
        .append("\" viewBox=\"0 0 ")
        .append(drawing.width())
        .append(' ')
        .append(drawing.height())
        .append("\" style=\"max-width:")
        .append(drawing.width())
        .append("px\">\n");
    drawing.draw(canvas);
    return canvas.svg.append("</svg>").toString();
  }

  @Override
  public void rectangle(double x, double y, double width, double height, int colour, String title) {
    rectangle(x, y, width, height, "fill=\"#%06x\"".formatted(colour), title);
  }

  @Override
  public void rectangle(double x, double y, double width, double height, Ink ink, String title) {
    rectangle(x, y, width, height, "class=\"" + name(ink) + "\"", title);
  }

  private void rectangle(
      double x, double y, double width, double height, String fill, String title) {
    svg.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\" %s"
            .formatted(number(x), number(y), number(width), number(height), fill));
    if (title.isEmpty()) {
      svg.append("/>\n");
    } else {
      svg.append("><title>").append(escaped(title)).append("</title></rect>\n");
    }
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Ink ink) {
    svg.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>\n"
            .formatted(number(x1), number(y1), number(x2), number(y2), name(ink)));
  }

  @Override
  public void text(double x, double y, double size, Anchor anchor, Ink ink, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>\n"
            .formatted(
                number(x),
                number(y),
                number(size),
                anchor.name().toLowerCase(Locale.ROOT),
                name(ink),
                escaped(text)));
  }

  private static String name(Ink ink) {
    return ink.name().toLowerCase(Locale.ROOT);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** Returns {@code text} as it stands between tags and in attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
