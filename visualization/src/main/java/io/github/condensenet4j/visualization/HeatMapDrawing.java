package io.github.condensenet4j.visualization;

import io.github.condensenet4j.visualization.Canvas.Anchor;
import io.github.condensenet4j.visualization.Canvas.Ink;
import io.github.condensenet4j.visualization.ConnectionMap.Cell;
import io.github.condensenet4j.visualization.ConnectionMap.Kind;
import java.util.List;
import java.util.Locale;

/** The heat map of a block: a column for each layer, a row for the features that it may see. */
record HeatMapDrawing(ConnectionMap map) implements Drawing {

  private static final int LEFT = 64;
  private static final int TOP = 46;
  private static final int RIGHT = 70;
  private static final int BOTTOM = 44;
  private static final int LEAST = 300;
  private static final int SMALLEST_CELL = 12;
  private static final int LARGEST_CELL = 44;
  private static final int SCALE_STEPS = 40;

  private double cell() {
    double fitting = (double) LEAST / map.layers().size();
    return Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, Math.floor(fitting)));
  }

  private double side() {
    return cell() * map.layers().size();
  }

  @Override
  public int width() {
    return (int) Math.max(LEFT + side() + RIGHT, 280);
  }

  @Override
  public int height() {
    return (int) Math.max(TOP + side() + BOTTOM, 190);
  }

  String title() {
    String block = map.block().replace("denseblock_", "Block ");
    return block + (map.kind() == Kind.LEARNED ? ": what layers read" : ": what layers refresh");
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.text(12, 22, 14, Anchor.START, Ink.TEXT, title());
    double greatest = map.greatest();
    for (int row = 0; row < map.features().size(); row++) {
      List<Cell> cells = map.cells().get(row);
      for (int column = 0; column < map.layers().size(); column++) {
        drawCell(canvas, row, column, cells.get(column), greatest);
      }
    }
    drawLabels(canvas);
    drawScale(canvas, greatest);
  }

  private void drawCell(Canvas canvas, int row, int column, Cell cell, double greatest) {
    double x = LEFT + column * cell();
    double y = TOP + row * cell();
    double side = cell() - 1;
    if (cell == null) {
      canvas.rectangle(x, y, side, side, Ink.LINE, "");
    } else {
      canvas.rectangle(
          x, y, side, side, ColourScale.of(cell.strength() / greatest), words(row, column, cell));
    }
  }

  private String words(int row, int column, Cell cell) {
    String feature = row == 0 ? "the block's input" : "layer " + map.features().get(row);
    String verb = map.kind() == Kind.LEARNED ? "reads" : "refreshes";
    return String.format(
        Locale.ROOT,
        "Layer %s %s %s: mean |weight| %.5f, %.1f %% of the connections kept",
        map.layers().get(column),
        verb,
        feature,
        cell.strength(),
        100 * cell.kept());
  }

  private void drawLabels(Canvas canvas) {
    int every = (int) Math.ceil(18 / cell());
    for (int i = 0; i < map.layers().size(); i += every) {
      double middle = (i + 0.5) * cell();
      canvas.text(
          LEFT + middle, TOP + side() + 14, 10, Anchor.MIDDLE, Ink.SOFT, map.layers().get(i));
      canvas.text(LEFT - 6, TOP + middle + 3.5, 10, Anchor.END, Ink.SOFT, map.features().get(i));
    }
    canvas.text(
        LEFT + side() / 2, TOP + side() + 32, 11, Anchor.MIDDLE, Ink.SOFT, "layer of the block");
    canvas.text(12, TOP - 8, 11, Anchor.START, Ink.SOFT, "features of layer");
  }

  private void drawScale(Canvas canvas, double greatest) {
    double x = LEFT + side() + 16;
    double length = Math.max(side(), 90);
    double step = length / SCALE_STEPS;
    for (int i = 0; i < SCALE_STEPS; i++) {
      int colour = ColourScale.of(1 - (i + 0.5) / SCALE_STEPS);
      // Overlapping, because corners are round.
      double height = i < SCALE_STEPS - 1 ? 2 * step : step;
      canvas.rectangle(x, TOP + i * step, 10, height, colour, "");
    }
    canvas.text(x + 14, TOP + 9, 10, Anchor.START, Ink.SOFT, "%.3f".formatted(greatest));
    canvas.text(x + 14, TOP + length, 10, Anchor.START, Ink.SOFT, "0");
  }
}
