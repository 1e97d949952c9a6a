package io.github.condensenet4j.training.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The page that shows how a run went: figures, curves, a table of epochs and the settings. It needs
 * no other file and no network.
 *
 * @param model name of the network
 * @param status a phrase on how far the run is
 * @param facts figures of the network by name, such as its parameters
 * @param epochs what the epochs brought
 * @param steps what the steps brought, where steps are written down
 * @param batchesPerEpoch steps in an epoch
 * @param settings options of the run by name
 */
public record RunReport(
    String model,
    String status,
    Map<String, String> facts,
    List<EpochRecord> epochs,
    List<StepRecord> steps,
    int batchesPerEpoch,
    Map<String, String> settings) {

  /** Returns the page. */
  public String toHtml() {
    StringBuilder html = new StringBuilder();
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.append("<title>").append(Html.escaped(model)).append(" – training</title>");
    html.append("<style>").append(styleSheet()).append("</style></head><body><main>\n");
    html.append("<header><h1>Training of ").append(Html.escaped(model)).append("</h1>");
    html.append("<p>").append(Html.escaped(status)).append("</p></header>\n");
    appendCards(html);
    appendCharts(html);
    appendEpochs(html);
    appendSettings(html);
    return html.append("</main></body></html>\n").toString();
  }

  private static String styleSheet() {
    try (InputStream in = RunReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void appendCards(StringBuilder html) {
    html.append("<dl class=\"cards\">");
    best().ifPresent(best -> appendBest(html, best));
    if (!epochs.isEmpty()) {
      EpochRecord last = epochs.get(epochs.size() - 1);
      appendCard(html, "Training loss", Axis.label(last.trainLoss()), "last epoch");
      appendCard(
          html, "Connections kept", percent(100 * last.keptFraction()), "of the learned ones");
      appendCard(html, "Speed", Axis.label(last.imagesPerSecond()), "images a second");
      double seconds = epochs.stream().mapToDouble(EpochRecord::seconds).sum();
      double waiting = epochs.stream().mapToDouble(EpochRecord::waitingSeconds).sum();
      appendCard(
          html,
          "Time in training",
          duration(seconds),
          percent(100 * waiting / Math.max(seconds, 1e-9)) + " of it waiting for images");
    }
    facts.forEach((name, value) -> appendCard(html, name, value, ""));
    html.append("</dl>\n");
  }

  private void appendBest(StringBuilder html, EpochRecord best) {
    String whose = best.ema().isPresent() ? "moving average, epoch " : "epoch ";
    appendCard(
        html, "Best top-1", percent(best.decisiveTop1().orElseThrow()), whose + best.epoch());
  }

  private Optional<EpochRecord> best() {
    EpochRecord best = null;
    for (EpochRecord epoch : epochs) {
      if (epoch.decisiveTop1().isPresent()
          && (best == null
              || epoch.decisiveTop1().orElseThrow() > best.decisiveTop1().orElseThrow())) {
        best = epoch;
      }
    }
    return Optional.ofNullable(best);
  }

  private static void appendCard(StringBuilder html, String name, String value, String note) {
    html.append("<div><dt>").append(Html.escaped(name)).append("</dt><dd>");
    html.append(Html.escaped(value)).append("</dd><small>");
    html.append(Html.escaped(note)).append("</small></div>");
  }

  private void appendCharts(StringBuilder html) {
    boolean evaluated = epochs.stream().anyMatch(epoch -> epoch.raw().isPresent());
    boolean averaged = epochs.stream().anyMatch(epoch -> epoch.ema().isPresent());
    html.append("<section class=\"charts\">\n");
    Curve training = curve("training", StepRecord::loss, EpochRecord::trainLoss);
    html.append(
        new LineChart("Loss", "", Double.NaN, withEvaluation(training, evaluated, averaged))
            .toHtml());
    if (evaluated) {
      html.append(new LineChart("Top-1", " %", Double.NaN, top1(averaged)).toHtml());
    }
    Curve rate = curve("rate", StepRecord::learningRate, EpochRecord::learningRate);
    html.append(new LineChart("Learning rate", "", 0, List.of(rate)).toHtml());
    Curve kept =
        curve("kept", step -> 100 * step.keptFraction(), epoch -> 100 * epoch.keptFraction());
    html.append(new LineChart("Connections kept", " %", 0, List.of(kept)).toHtml());
    html.append("</section>\n");
  }

  private List<Curve> withEvaluation(Curve training, boolean evaluated, boolean averaged) {
    if (!evaluated) {
      return List.of(training);
    }
    Curve raw = byEpoch("validation", e -> e.raw().map(r -> r.loss()).orElse(Double.NaN));
    Curve ema =
        byEpoch("validation, moving average", e -> e.ema().map(r -> r.loss()).orElse(Double.NaN));
    return averaged ? List.of(training, raw, ema) : List.of(training, raw);
  }

  private List<Curve> top1(boolean averaged) {
    Curve raw = byEpoch("weights", e -> e.raw().map(r -> r.top1()).orElse(Double.NaN));
    Curve ema = byEpoch("moving average", e -> e.ema().map(r -> r.top1()).orElse(Double.NaN));
    return averaged ? List.of(raw, ema) : List.of(raw);
  }

  /** Returns a curve through all steps where they are written down, else through the epochs. */
  private Curve curve(
      String name, ToDoubleFunction<StepRecord> ofStep, ToDoubleFunction<EpochRecord> ofEpoch) {
    if (steps.isEmpty()) {
      return byEpoch(name, ofEpoch);
    }
    return new Curve(
        name,
        steps.stream()
            .map(
                step ->
                    new Curve.Point(
                        step.step() / (double) batchesPerEpoch, ofStep.applyAsDouble(step)))
            .toList());
  }

  /** Returns a curve whose points lie at the ends of the epochs. */
  private Curve byEpoch(String name, ToDoubleFunction<EpochRecord> value) {
    return new Curve(
        name,
        epochs.stream()
            .map(epoch -> new Curve.Point(epoch.epoch() + 1, value.applyAsDouble(epoch)))
            .toList());
  }

  private void appendEpochs(StringBuilder html) {
    if (epochs.isEmpty()) {
      return;
    }
    html.append("<h2>Epochs</h2><div class=\"table\"><table><tr>");
    for (String name :
        List.of(
            "epoch",
            "learning rate",
            "training loss",
            "validation loss",
            "top-1",
            "top-5",
            "top-1, average",
            "top-5, average",
            "kept",
            "time",
            "images/s")) {
      html.append("<th>").append(name).append("</th>");
    }
    html.append("</tr>\n");
    int best = best().map(EpochRecord::epoch).orElse(-1);
    for (EpochRecord epoch : epochs) {
      html.append(epoch.epoch() == best ? "<tr class=\"best\">" : "<tr>");
      appendCells(html, epoch);
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private static void appendCells(StringBuilder html, EpochRecord epoch) {
    List<String> cells =
        List.of(
            Integer.toString(epoch.epoch()),
            Axis.label(epoch.learningRate()),
            fixed(epoch.trainLoss(), 4),
            cell(epoch.raw(), result -> fixed(result.loss(), 4)),
            cell(epoch.raw(), result -> percent(result.top1())),
            cell(epoch.raw(), result -> percent(result.top5())),
            cell(epoch.ema(), result -> percent(result.top1())),
            cell(epoch.ema(), result -> percent(result.top5())),
            percent(100 * epoch.keptFraction()),
            duration(epoch.seconds()),
            Axis.label(epoch.imagesPerSecond()));
    cells.forEach(cell -> html.append("<td>").append(Html.escaped(cell)).append("</td>"));
  }

  private static <T> String cell(Optional<T> result, Function<T, String> text) {
    return result.map(text).orElse("–");
  }

  private void appendSettings(StringBuilder html) {
    html.append("<h2>Settings</h2><div class=\"table\"><table class=\"settings\">");
    settings.forEach(
        (name, value) ->
            html.append("<tr><td>")
                .append(Html.escaped(name))
                .append("</td><td>")
                .append(Html.escaped(value))
                .append("</td></tr>\n"));
    html.append("</table></div>\n");
  }

  private static String percent(double value) {
    return fixed(value, 2) + " %";
  }

  private static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return whole < 3600
        ? "%d:%02d min".formatted(whole / 60, whole % 60)
        : "%d:%02d h".formatted(whole / 3600, whole / 60 % 60);
  }
}
