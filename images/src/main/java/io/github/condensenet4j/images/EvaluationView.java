package io.github.condensenet4j.images;

/**
 * A part of a picture that evaluation looks at: the square in the middle, those in the corners, and
 * all of them mirrored. In the order in which the first few are the most useful.
 */
public enum EvaluationView {
  /** The middle, as evaluation usually sees a picture. */
  CENTRE(Side.MIDDLE, Side.MIDDLE, false),
  /** The middle, left and right exchanged. */
  CENTRE_MIRRORED(Side.MIDDLE, Side.MIDDLE, true),
  /** The upper left corner. */
  TOP_LEFT(Side.START, Side.START, false),
  /** The upper right corner. */
  TOP_RIGHT(Side.END, Side.START, false),
  /** The lower left corner. */
  BOTTOM_LEFT(Side.START, Side.END, false),
  /** The lower right corner. */
  BOTTOM_RIGHT(Side.END, Side.END, false),
  /** The upper left corner, mirrored. */
  TOP_LEFT_MIRRORED(Side.START, Side.START, true),
  /** The upper right corner, mirrored. */
  TOP_RIGHT_MIRRORED(Side.END, Side.START, true),
  /** The lower left corner, mirrored. */
  BOTTOM_LEFT_MIRRORED(Side.START, Side.END, true),
  /** The lower right corner, mirrored. */
  BOTTOM_RIGHT_MIRRORED(Side.END, Side.END, true);

  private enum Side {
    START,
    MIDDLE,
    END
  }

  private final Side horizontal;
  private final Side vertical;
  private final boolean mirrored;

  EvaluationView(Side horizontal, Side vertical, boolean mirrored) {
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.mirrored = mirrored;
  }

  /** Tells whether left and right are exchanged. */
  public boolean isMirrored() {
    return mirrored;
  }

  int left(int width, int square) {
    return start(horizontal, width, square);
  }

  int top(int height, int square) {
    return start(vertical, height, square);
  }

  private static int start(Side side, int length, int square) {
    return switch (side) {
      case START -> 0;
      // Python rounds halves to the even number.
      case MIDDLE -> (int) Math.rint((length - square) / 2.0);
      case END -> length - square;
    };
  }
}
