package io.github.condensenet4j.training.evaluation;

import java.util.List;

/**
 * How well a network classified images.
 *
 * @param top1 percentage of images whose most probable class is theirs, 0 to 100
 * @param top5 percentage of images whose class is among the five most probable ones (all, where
 *     there are fewer), 0 to 100
 * @param loss mean cross entropy, without smoothing
 * @param images images that were classified
 * @param imagesPerSecond images over the whole time, reading included
 * @param unreadable a sentence about each image that could not be read; it counts nowhere else
 */
public record EvaluationResult(
    double top1,
    double top5,
    double loss,
    long images,
    double imagesPerSecond,
    List<String> unreadable) {

  /** Copies {@code unreadable}. */
  public EvaluationResult {
    unreadable = List.copyOf(unreadable);
  }
}
