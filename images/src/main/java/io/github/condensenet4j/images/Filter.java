package io.github.condensenet4j.images;

import io.github.condensenet4j.core.preprocessing.Interpolation;

/** The weight of an input pixel by its distance from the output pixel's centre. */
final class Filter {

  private static final double A = -0.5;

  private Filter() {}

  /** Returns the distance, in pixels of the coarser picture, from which on weights are 0. */
  static double support(Interpolation interpolation) {
    return switch (interpolation) {
      case BILINEAR -> 1;
      case BICUBIC -> 2;
    };
  }

  /** Returns the weight at {@code distance}, before weights are scaled to sum up to 1. */
  static double weight(Interpolation interpolation, double distance) {
    double x = Math.abs(distance);
    return switch (interpolation) {
      case BILINEAR -> x < 1 ? 1 - x : 0;
      case BICUBIC -> {
        // In Horner's order of the reference: another one rounds differently.
        if (x < 1) {
          yield ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        yield x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
      }
    };
  }
}
