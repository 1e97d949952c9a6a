package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the networks that have a name. */
@Command(
    name = "models",
    description = "Lists the networks that have a name, with their costs.",
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
    if (format == OutputFormat.JSON) {
      console().out().print(JsonValue.of(Map.of("models", models)).pretty());
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

  private static String millions(Object count) {
    return String.format(Locale.ROOT, "%.2f", ((Number) count).doubleValue() / 1e6);
  }
}
