package io.github.condensenet4j.visualization;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws pixels, two for each of the drawing's in both directions, dark on white. */
final class PngCanvas implements Canvas {

  private static final Logger log = LoggerFactory.getLogger(PngCanvas.class);

  private static final int SCALE = 2;

  private final Graphics2D graphics;
  private boolean hasFonts = true;

  private PngCanvas(Graphics2D graphics) {
    this.graphics = graphics;
  }

  /** Writes the picture as PNG. */
  static void draw(Drawing drawing, OutputStream out) throws IOException {
    BufferedImage image =
        new BufferedImage(
            SCALE * drawing.width(), SCALE * drawing.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setStroke(new BasicStroke(1));
    drawing.draw(new PngCanvas(graphics));
    graphics.dispose();
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this Java cannot write PNG");
    }
  }

  @Override
  public void rectangle(double x, double y, double width, double height, int colour, String title) {
    graphics.setColor(new Color(colour));
    graphics.fill(new RoundRectangle2D.Double(x, y, width, height, 4, 4));
  }

  @Override
  public void rectangle(double x, double y, double width, double height, Ink ink, String title) {
    rectangle(x, y, width, height, colour(ink), title);
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Ink ink) {
    graphics.setColor(new Color(colour(ink)));
    graphics.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void text(double x, double y, double size, Anchor anchor, Ink ink, String text) {
    if (!hasFonts) {
      return;
    }
    try {
      graphics.setColor(new Color(colour(ink)));
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) size));
      double width = graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
      double left =
          switch (anchor) {
            case START -> x;
            case MIDDLE -> x - width / 2;
            case END -> x - width;
          };
      graphics.drawString(text, (float) left, (float) y);
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Java on a server without fontconfig; the page has the same pictures with their text.
      hasFonts = false;
      log.warn("no fonts on this machine, PNG files have no text: {}", e.toString());
    }
  }

  private static int colour(Ink ink) {
    return switch (ink) {
      case TEXT -> 0x1d2430;
      case SOFT -> 0x667085;
      case LINE -> 0xe4e7ec;
      case FIRST -> 0x2563eb;
      case SECOND -> 0xe8590c;
    };
  }
}
