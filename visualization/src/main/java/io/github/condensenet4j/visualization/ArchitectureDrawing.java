package io.github.condensenet4j.visualization;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.visualization.Canvas.Anchor;
import io.github.condensenet4j.visualization.Canvas.Ink;
import java.util.Locale;

/**
 * The network from image to classes: a bar for each layer, as high as it sees and adds channels,
 * blocks side by side with the size of their features below.
 */
record ArchitectureDrawing(Architecture network) implements Drawing {

  private static final int LEFT = 24;
  private static final int TOP = 74;
  private static final int TALLEST = 190;
  private static final int BAR = 14;
  private static final int STEP = 17;
  private static final int GAP = 46;
  private static final int END = 110;

  @Override
  public int width() {
    int layers = network.stages().stream().mapToInt(Integer::intValue).sum();
    return Math.max(
        620, 2 * LEFT + END + STEP + GAP + STEP * layers + GAP * network.stages().size() + END);
  }

  @Override
  public int height() {
    return TOP + TALLEST + 84;
  }

  private double tall(int channels) {
    return Math.max(2, (double) TALLEST * channels / network.featureChannels());
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.text(12, 22, 14, Anchor.START, Ink.TEXT, "The network, from image to classes");
    canvas.text(
        12,
        42,
        11,
        Anchor.START,
        Ink.SOFT,
        "A bar is a layer, its height the channels: grey those it sees, coloured those it adds.");
    double x = LEFT;
    int base = TOP + TALLEST;
    canvas.rectangle(
        x, base - tall(3), BAR, tall(3), Ink.LINE, "image, 3 channels of " + pixels(imageSize()));
    canvas.text(x, base + 18, 11, Anchor.START, Ink.TEXT, "image");
    canvas.text(x, base + 33, 10, Anchor.START, Ink.SOFT, pixels(imageSize()));
    x += GAP + STEP;
    double init = tall(network.initChannels());
    canvas.rectangle(
        x,
        base - init,
        BAR,
        init,
        Ink.FIRST,
        "3×3 convolution to "
            + network.initChannels()
            + " channels, stride "
            + network.initStride());
    canvas.text(x, base + 18, 11, Anchor.START, Ink.TEXT, "stem");
    x += GAP;
    for (DenseBlockDescription block : network.blocks()) {
      drawBlock(canvas, block, x, base);
      x += STEP * block.layers().size() + GAP;
    }
    drawEnd(canvas, x, base);
  }

  private int imageSize() {
    return network.imageSize();
  }

  private void drawBlock(Canvas canvas, DenseBlockDescription block, double left, int base) {
    double x = left;
    for (DenseLayerDescription layer : block.layers()) {
      double seen = tall(layer.inChannels());
      double added = tall(layer.growth());
      String words =
          "%s.%s: %d channels in, %d added"
              .formatted(block.name(), layer.name(), layer.inChannels(), layer.growth());
      canvas.rectangle(x, base - seen, BAR, seen, Ink.LINE, words);
      canvas.rectangle(x, base - seen - added, BAR, added, Ink.FIRST, words);
      x += STEP;
    }
    canvas.line(left, base + 4, x - STEP + BAR, base + 4, Ink.SOFT);
    String number = block.name().replace("denseblock_", "block ");
    canvas.text(left, base + 18, 11, Anchor.START, Ink.TEXT, number);
    canvas.text(left, base + 33, 10, Anchor.START, Ink.SOFT, pixels(block.size()));
    canvas.text(
        left,
        base + 47,
        10,
        Anchor.START,
        Ink.SOFT,
        block.layers().size() + " × " + block.growth());
    String more =
        (block.activation() == Activation.HARD_SWISH ? "h-swish" : "ReLU")
            + (block.squeeze() ? ", SE" : "");
    canvas.text(left, base + 61, 10, Anchor.START, Ink.SOFT, more);
  }

  private void drawEnd(Canvas canvas, double x, int base) {
    double features = tall(network.featureChannels());
    canvas.rectangle(
        x,
        base - features,
        BAR,
        features,
        Ink.LINE,
        "averaged features, " + network.featureChannels() + " channels");
    canvas.text(x, base + 18, 11, Anchor.START, Ink.TEXT, "pool");
    canvas.text(
        x, base + 33, 10, Anchor.START, Ink.SOFT, String.valueOf(network.featureChannels()));
    double next = x + GAP;
    if (network instanceof CondenseNetV2Architecture v2 && v2.hasHiddenLayer()) {
      double hidden = Math.min(TALLEST, tall(v2.fcChannel()));
      canvas.rectangle(next, base - hidden, BAR, hidden, Ink.FIRST, "hidden, " + v2.fcChannel());
      canvas.text(next, base + 18, 11, Anchor.START, Ink.TEXT, "hidden");
      canvas.text(next, base + 33, 10, Anchor.START, Ink.SOFT, String.valueOf(v2.fcChannel()));
      next += GAP;
    }
    double classes = Math.min(TALLEST, tall(network.numClasses()));
    canvas.rectangle(
        next, base - classes, BAR, classes, Ink.SECOND, network.numClasses() + " classes");
    canvas.text(next, base + 18, 11, Anchor.START, Ink.TEXT, "classes");
    canvas.text(
        next,
        base + 33,
        10,
        Anchor.START,
        Ink.SOFT,
        String.format(Locale.ROOT, "%,d", network.numClasses()));
  }

  private static String pixels(int side) {
    return side + "×" + side;
  }
}
