package io.github.condensenet4j.visualization;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.visualization.ConnectionMap.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The page with all pictures of a network; it needs no other file and no network. */
record NetworkPage(ModelDescription model, List<ConnectionMap> maps, List<KeptConnections> kept) {

  String toHtml() {
    String name = SvgCanvas.escaped(model.qualifiedName());
    StringBuilder html = new StringBuilder();
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.append("<title>").append(name).append(" – what it keeps</title>");
    html.append("<style>").append(styleSheet()).append("</style></head><body><main>\n");
    html.append("<header><h1>What ").append(name).append(" keeps</h1><p>");
    html.append("Every layer of a dense block could read all features before it");
    html.append(hasReactivation() ? " and refresh them" : "");
    html.append(". Training drops the connections that weigh least; this is what it left.");
    html.append("</p></header>\n");
    appendCards(html);
    appendFigure(html, "wide", new ArchitectureDrawing(model.architecture()), "Architecture");
    html.append("<h2>Kept connections</h2>\n");
    appendFigure(html, "wide", new KeptDrawing(kept), "Kept connections of each block");
    html.append("<h2>Strength of connections</h2>\n<p class=\"note\">Mean absolute weight of the");
    html.append(" connections between the features of one layer and another layer, dropped ones");
    html.append(" counted as 0. Each map has its own scale; touch a cell for its figures.</p>\n");
    html.append("<div class=\"maps\">\n");
    for (ConnectionMap map : maps) {
      HeatMapDrawing drawing = new HeatMapDrawing(map);
      appendFigure(html, "", drawing, drawing.title());
    }
    return html.append("</div></main></body></html>\n").toString();
  }

  private boolean hasReactivation() {
    return maps.stream().anyMatch(map -> map.kind() == Kind.REACTIVATION);
  }

  private void appendCards(StringBuilder html) {
    Architecture network = model.architecture();
    ModelCost cost = ModelCost.of(model);
    html.append("<dl class=\"cards\">");
    appendCard(html, "Parameters", "%,d".formatted(cost.params()), "as converted");
    appendCard(
        html,
        "Multiply-adds",
        String.format(Locale.ROOT, "%.1f M", cost.flops() / 1e6),
        "of an image of " + network.imageSize() + " pixels");
    appendShare(html, Kind.LEARNED, "Connections read");
    if (hasReactivation()) {
      appendShare(html, Kind.REACTIVATION, "Connections refreshed");
    }
    html.append("</dl>\n");
  }

  private void appendShare(StringBuilder html, Kind kind, String name) {
    long left = kept.stream().filter(k -> k.kind() == kind).mapToLong(KeptConnections::kept).sum();
    long all = kept.stream().filter(k -> k.kind() == kind).mapToLong(KeptConnections::all).sum();
    double target = KeptConnections.target(model.architecture(), kind);
    appendCard(
        html,
        name,
        String.format(Locale.ROOT, "%.1f %%", 100.0 * left / all),
        String.format(Locale.ROOT, "kept; %.1f %% when condensed", 100 * target));
  }

  private static void appendCard(StringBuilder html, String name, String value, String note) {
    html.append("<div><dt>").append(name).append("</dt><dd>").append(value);
    html.append("</dd><small>").append(note).append("</small></div>");
  }

  private static void appendFigure(StringBuilder html, String kind, Drawing drawing, String label) {
    html.append("<figure class=\"").append(kind).append("\">");
    html.append(SvgCanvas.draw(drawing, label)).append("</figure>\n");
  }

  private static String styleSheet() {
    try (InputStream in = NetworkPage.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
