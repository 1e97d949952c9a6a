package io.github.condensenet4j.visualization;

/** A picture that any canvas can show. */
interface Drawing {

  /** Returns the width in pixels. */
  int width();

  /** Returns the height in pixels. */
  int height();

  /** Draws it. */
  void draw(Canvas canvas);
}
