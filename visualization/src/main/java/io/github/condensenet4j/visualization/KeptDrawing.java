package io.github.condensenet4j.visualization;

import io.github.condensenet4j.visualization.Canvas.Anchor;
import io.github.condensenet4j.visualization.Canvas.Ink;
import io.github.condensenet4j.visualization.ConnectionMap.Kind;
import java.util.List;
import java.util.Locale;

/** The share of connections that each block keeps, as bars. */
record KeptDrawing(List<KeptConnections> connections) implements Drawing {

  private static final int LEFT = 190;
  private static final int TOP = 40;
  private static final int BAR = 18;
  private static final int ROW = 26;
  private static final int FULL = 380;

  @Override
  public int width() {
    return LEFT + FULL + 210;
  }

  @Override
  public int height() {
    return TOP + ROW * connections.size() + 16;
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.text(12, 22, 14, Anchor.START, Ink.TEXT, "Connections kept, block by block");
    for (int row = 0; row < connections.size(); row++) {
      KeptConnections kept = connections.get(row);
      double y = TOP + row * ROW;
      boolean isLearned = kept.kind() == Kind.LEARNED;
      String block = kept.block().replace("denseblock_", "Block ");
      String label = block + (isLearned ? ", reading" : ", refreshing");
      String figures =
          String.format(
              Locale.ROOT, "%.1f %%  (%,d of %,d)", 100 * kept.share(), kept.kept(), kept.all());
      canvas.text(LEFT - 10, y + 13, 11, Anchor.END, Ink.SOFT, label);
      canvas.rectangle(LEFT, y, FULL, BAR, Ink.LINE, "");
      canvas.rectangle(
          LEFT,
          y,
          FULL * kept.share(),
          BAR,
          isLearned ? Ink.FIRST : Ink.SECOND,
          label + ": " + figures);
      canvas.text(LEFT + FULL + 10, y + 13, 11, Anchor.START, Ink.TEXT, figures);
    }
  }
}
