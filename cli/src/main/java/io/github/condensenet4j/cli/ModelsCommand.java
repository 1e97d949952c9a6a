package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.pretrained.ModelCard;
import io.github.condensenet4j.core.pretrained.PretrainedModel;
import io.github.condensenet4j.core.pretrained.PretrainedModels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the networks that have a name. */
@Command(
    name = "models",
    description = {
      "Lists the networks that have a name, with their costs, and the trained models on the class"
          + " path."
    },
    footer = {"", "The prefix converted_ before any name means its condensed form."})
final class ModelsCommand extends SubCommand {

  @Option(
      names = "--format",
      paramLabel = "table|json",
      defaultValue = "table",
      converter = OutputFormat.Converter.class,
      description = "How to print; ${DEFAULT-VALUE} without it.")
  private OutputFormat format;

  ModelsCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    List<Map<String, Object>> models =
        ArchitectureRegistry.names().stream().map(ModelsCommand::facts).toList();
    List<Map<String, Object>> pretrained =
        PretrainedModels.all().stream().map(ModelsCommand::facts).toList();
    if (format == OutputFormat.JSON) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("models", models);
      facts.put("pretrained", pretrained);
      console().out().print(JsonValue.of(facts).pretty());
      return ExitCode.OK;
    }
    Table table =
        new Table("name", "input", "classes", ">million FLOPs", ">million params", "what it is");
    for (Map<String, Object> model : models) {
      table.row(
          model.get("name"),
          model.get("imageSize") + "x" + model.get("imageSize"),
          model.get("numClasses"),
          millions(model.get("flops")),
          millions(model.get("params")),
          model.get("description"));
    }
    console().out().print(table);
    if (!pretrained.isEmpty()) {
      console().out().printf("%ntrained, for --pretrained:%n%s", table(pretrained));
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> facts(String name) {
    Architecture architecture = ArchitectureRegistry.get(name);
    ModelCost cost = ModelCost.of(ArchitectureRegistry.describe(name));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", name);
    facts.put("description", ArchitectureRegistry.summary(name));
    facts.put("family", architecture.family());
    facts.put("imageSize", architecture.imageSize());
    facts.put("numClasses", architecture.numClasses());
    facts.put("flops", cost.flops());
    facts.put("params", cost.params());
    return facts;
  }

  private static Table table(List<Map<String, Object>> pretrained) {
    Table table = new Table("name", "network", "data set", ">top-1", ">bytes", "licence");
    for (Map<String, Object> model : pretrained) {
      table.row(
          model.get("name"),
          model.get("model"),
          model.get("dataset"),
          model.get("top1") == null
              ? ""
              : String.format(Locale.ROOT, "%.2f %%", (Double) model.get("top1")),
          String.format(Locale.ROOT, "%,d", (Long) model.get("bytes")),
          model.get("licence"));
    }
    return table;
  }

  /** Returns what a card says; figures are those of the converted model. */
  private static Map<String, Object> facts(PretrainedModel model) {
    ModelCard card = model.card();
    ModelCost cost;
    try (ModelFile converted = model.open(Form.CONDENSED)) {
      cost = ModelCost.of(converted.metadata().model());
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", card.name());
    facts.put("dataset", card.dataset());
    facts.put("model", card.model().name());
    facts.put("imageSize", card.model().architecture().imageSize());
    facts.put("numClasses", card.model().architecture().numClasses());
    facts.put("flops", cost.flops());
    facts.put("params", cost.params());
    facts.put("top1", card.converted().metrics().get("top1"));
    facts.put("bytes", card.converted().bytes());
    facts.put("sha256", card.converted().sha256());
    facts.put("licence", card.licence());
    return facts;
  }

  private static String millions(Object count) {
    return String.format(Locale.ROOT, "%.2f", ((Number) count).doubleValue() / 1e6);
  }
}
