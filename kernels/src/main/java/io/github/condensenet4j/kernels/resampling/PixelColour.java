package io.github.condensenet4j.kernels.resampling;

/** What the three samples of a pixel mean. */
public enum PixelColour {
  /** Red, green, blue. */
  RGB,

  /** Luminance and two colour differences, which {@link YccColour} makes red, green, blue of. */
  YCC
}
