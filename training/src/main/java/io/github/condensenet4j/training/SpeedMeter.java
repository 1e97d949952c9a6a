package io.github.condensenet4j.training;

/** Images a second over about the last ten seconds, so that a pause is seen and soon forgotten. */
final class SpeedMeter {

  private static final double MEMORY_SECONDS = 10;

  private double images;
  private double seconds;

  /** Adds a step and returns the speed. */
  double add(long stepImages, double stepSeconds) {
    double kept = Math.exp(-stepSeconds / MEMORY_SECONDS);
    images = images * kept + stepImages;
    seconds = seconds * kept + stepSeconds;
    return images / seconds;
  }
}
