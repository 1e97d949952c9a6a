package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.EvaluationView;
import picocli.CommandLine.Option;

/** How many views of each picture are evaluated. */
final class ViewsOption {

  @Option(
      names = "--tta",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Views of each image whose answers are averaged: the middle, mirrored, the corners, these"
              + " mirrored; up to 10, 0 for the middle alone.")
  private Integer views;

  /**
   * Returns the number of views, at least 1.
   *
   * @throws InvalidOptionException if there are not so many
   */
  int views() {
    int most = EvaluationView.values().length;
    if (views < 0 || views > most) {
      throw new InvalidOptionException("--tta", "0 to " + most + " views", views);
    }
    return Math.max(1, views);
  }
}
