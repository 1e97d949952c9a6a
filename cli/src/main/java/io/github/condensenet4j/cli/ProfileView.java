package io.github.condensenet4j.cli;

import io.github.condensenet4j.layers.profile.StepProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Shows where the time of a training run went. */
final class ProfileView {

  /** What a run does between its steps. */
  private static final Set<String> BETWEEN_STEPS = Set.of("evaluation", "checkpoints");

  private final List<StepProfile.Row> rows;
  private final long images;
  private final double seconds;

  /**
   * Creates a view.
   *
   * @param rows the times
   * @param images images that were trained on meanwhile
   */
  ProfileView(List<StepProfile.Row> rows, long images) {
    this.rows = rows;
    this.images = images;
    seconds = rows.stream().mapToDouble(StepProfile.Row::total).sum();
  }

  private double imagesPerSecond() {
    double training =
        rows.stream()
            .filter(row -> !BETWEEN_STEPS.contains(row.kind()))
            .mapToDouble(StepProfile.Row::total)
            .sum();
    return training > 0 ? images / training : 0;
  }

  private double share(StepProfile.Row row) {
    return seconds > 0 ? row.total() / seconds : 0;
  }

  /** Returns a line that sums up and a table, in seconds. */
  String text() {
    Table table = new Table("kind", ">forward s", ">backward s", ">other s", ">share");
    for (StepProfile.Row row : rows) {
      table.row(
          row.kind(),
          number(row.forward()),
          number(row.backward()),
          number(row.other()),
          String.format(Locale.ROOT, "%.1f %%", 100 * share(row)));
    }
    return String.format(
            Locale.ROOT,
            "profile: %d images in %.1f s, %.1f images/s in the steps%n",
            images,
            seconds,
            imagesPerSecond())
        + table;
  }

  private static String number(double seconds) {
    return seconds == 0 ? "" : String.format(Locale.ROOT, "%.3f", seconds);
  }

  /** Returns the same for JSON. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("images", images);
    facts.put("seconds", seconds);
    facts.put("imagesPerSecond", imagesPerSecond());
    facts.put("times", rows.stream().map(this::facts).toList());
    return facts;
  }

  private Map<String, Object> facts(StepProfile.Row row) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", row.kind());
    facts.put("forwardSeconds", row.forward());
    facts.put("backwardSeconds", row.backward());
    facts.put("otherSeconds", row.other());
    facts.put("share", share(row));
    return facts;
  }
}
