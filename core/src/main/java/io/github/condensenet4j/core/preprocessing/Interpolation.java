package io.github.condensenet4j.core.preprocessing;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Locale;

/** How pixels are weighted when an image is resized. */
public enum Interpolation {
  /** A triangle one source pixel wide to each side. */
  BILINEAR,
  /** A cubic convolution with {@code a = -0.5}, two source pixels wide to each side. */
  BICUBIC;

  /** Returns the word that options and files use: {@code bilinear} or {@code bicubic}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the interpolation that {@code word} means.
   *
   * @throws InvalidOptionException if it means none
   */
  public static Interpolation ofWord(String word) {
    for (Interpolation interpolation : values()) {
      if (interpolation.word().equals(word)) {
        return interpolation;
      }
    }
    throw new InvalidOptionException("interpolation", "bilinear or bicubic", word);
  }
}
