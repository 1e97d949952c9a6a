package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.pretrained.CardFile;
import io.github.condensenet4j.core.pretrained.ModelCard;
import java.util.Locale;
import java.util.Map;

/** A model card for people, in Markdown. */
final class ModelCardPage {

  private ModelCardPage() {}

  static String of(ModelCard card) {
    ModelCost cost = ModelCost.of(card.model());
    StringBuilder page = new StringBuilder();
    page.append("# ").append(card.name()).append("\n\n");
    page.append(
        "`%s` for %s, %s FLOPs by the official counter; %s.\n\n"
            .formatted(
                card.model().name(),
                card.dataset(),
                String.format(Locale.ROOT, "%,d", cost.flops()),
                card.data()));
    page.append("| | trained | converted |\n|---|---|---|\n");
    row(page, "file", card.trained().file(), card.converted().file());
    for (String metric : card.converted().metrics().keySet()) {
      row(page, metric, number(card.trained(), metric), number(card.converted(), metric));
    }
    row(page, "bytes", count(card.trained().bytes()), count(card.converted().bytes()));
    row(page, "SHA-256", code(card.trained().sha256()), code(card.converted().sha256()));
    page.append("\nLicence of the weights: ").append(card.licence()).append(".\n");
    page.append("\nTrained by\n\n```text\n").append(card.command()).append("\n```\n");
    page.append("\n| where it comes from | |\n|---|---|\n");
    for (Map.Entry<String, String> fact : card.provenance().entrySet()) {
      page.append("| ").append(fact.getKey()).append(" | ").append(fact.getValue()).append(" |\n");
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String what, String trained, String converted) {
    page.append("| %s | %s | %s |\n".formatted(what, trained, converted));
  }

  private static String number(CardFile file, String metric) {
    double value = file.metrics().get(metric);
    return value == Math.rint(value)
        ? count((long) value)
        : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
