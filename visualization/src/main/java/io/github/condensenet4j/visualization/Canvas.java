package io.github.condensenet4j.visualization;

/** Where drawings are drawn; lengths are in pixels, the origin is the upper left corner. */
interface Canvas {

  /** What a shape means; each kind of canvas has its own colours for them, light or dark. */
  enum Ink {
    /** Titles and figures. */
    TEXT,
    /** Labels and notes. */
    SOFT,
    /** Frames and places where nothing can be. */
    LINE,
    /** The first of two things that are told apart. */
    FIRST,
    /** The second. */
    SECOND
  }

  /** Where a text is in relation to its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * Fills a rectangle with a colour {@code 0xRRGGBB}; {@code title} is shown when it is touched.
   */
  void rectangle(double x, double y, double width, double height, int colour, String title);

  /** Fills a rectangle. */
  void rectangle(double x, double y, double width, double height, Ink ink, String title);

  /** Draws a line. */
  void line(double x1, double y1, double x2, double y2, Ink ink);

  /** Writes a line of text whose baseline is at {@code y}. */
  void text(double x, double y, double size, Anchor anchor, Ink ink, String text);
}
