package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.pipelines.AugmentedSample;
import io.github.condensenet4j.pipelines.LabeledImages;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Images side by side, as training sees them, each with its class and what was done to it. */
final class ContactSheet {

  private static final int LEAST_SIDE = 192;
  private static final int GAP = 12;
  private static final int LINE = 14;
  private static final int FONT_SIZE = 11;
  private static final Color PAPER = new Color(0xffffff);
  private static final Color INK = new Color(0x1d2430);
  private static final Color SOFT = new Color(0x667085);

  private final LabeledImages images;
  private final Preprocessing preprocessing;
  private final List<AugmentedSample> samples;
  private final int zoom;
  private boolean hasFonts = true;

  ContactSheet(LabeledImages images, Preprocessing preprocessing, List<AugmentedSample> samples) {
    this.images = images;
    this.preprocessing = preprocessing;
    this.samples = samples;
    zoom = Math.max(1, (LEAST_SIDE + images.width() - 1) / images.width());
  }

  /** Writes the sheet as PNG. */
  void writeTo(OutputStream out) throws IOException {
    int columns = (int) Math.ceil(Math.sqrt(samples.size()));
    int rows = (samples.size() + columns - 1) / columns;
    int lines = samples.stream().mapToInt(sample -> captions(sample).size()).max().orElse(0);
    int cellWidth = images.width() * zoom + GAP;
    int cellHeight = images.height() * zoom + lines * LINE + GAP;
    BufferedImage sheet =
        new BufferedImage(
            columns * cellWidth + GAP, rows * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    for (int i = 0; i < samples.size(); i++) {
      int x = GAP + i % columns * cellWidth;
      int y = GAP + i / columns * cellHeight;
      graphics.drawImage(
          picture(samples.get(i)), x, y, images.width() * zoom, images.height() * zoom, null);
      write(graphics, captions(samples.get(i)), x, y + images.height() * zoom, cellWidth - GAP);
    }
    graphics.dispose();
    if (!ImageIO.write(sheet, "png", out)) {
      throw new IOException("this Java cannot write PNG");
    }
  }

  private List<String> captions(AugmentedSample sample) {
    List<String> lines = new ArrayList<>();
    lines.add(images.classNames().get(images.label(sample.index())));
    lines.addAll(sample.operations());
    return lines;
  }

  private void write(Graphics2D graphics, List<String> lines, int x, int y, int width) {
    if (!hasFonts) {
      return;
    }
    try {
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
      graphics.setClip(x, y, width, lines.size() * LINE);
      for (int i = 0; i < lines.size(); i++) {
        graphics.setColor(i == 0 ? INK : SOFT);
        graphics.drawString(lines.get(i), x, y + (i + 1) * LINE - 3);
      }
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Java on a server without fontconfig: pictures without words are better than none.
      hasFonts = false;
    } finally {
      graphics.setClip(null);
    }
  }

  /** Returns the pixels before they were normalised. */
  private BufferedImage picture(AugmentedSample sample) {
    int width = images.width();
    int height = images.height();
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < width * height; pixel++) {
      int colour = 0;
      for (int channel = 0; channel < 3; channel++) {
        int plane = Math.min(channel, images.channels() - 1);
        double value =
            sample.values()[plane * width * height + pixel] * preprocessing.std().get(channel)
                + preprocessing.mean().get(channel);
        colour = colour << 8 | (int) Math.max(0, Math.min(255, Math.rint(value * 255)));
      }
      picture.setRGB(pixel % width, pixel / width, colour);
    }
    return picture;
  }
}
