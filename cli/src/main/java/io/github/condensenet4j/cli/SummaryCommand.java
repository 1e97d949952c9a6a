package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.cost.LayerCost;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a network costs, layer by layer. */
@Command(
    name = "summary",
    description = {
      "Prints a network's layers with the multiply-adds and parameters of each.",
      "They are counted as the official code counts: condensed, even while the network is not yet."
    })
final class SummaryCommand extends SubCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Name as 'models' lists it.")
  private String name;

  @Option(names = "--model", paramLabel = "NAME", description = "The same as NAME.")
  private String model;

  @Option(names = "--converted", description = "Counts the condensed form.")
  private boolean converted;

  @Option(
      names = "--format",
      paramLabel = "table|json",
      defaultValue = "table",
      converter = OutputFormat.Converter.class,
      description = "How to print; ${DEFAULT-VALUE} without it.")
  private OutputFormat format;

  private ArchitectureOptions architecture;

  SummaryCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    architecture = new ArchitectureOptions(command);
  }

  @Override
  public Integer call() {
    ModelDescription described =
        ArchitectureRegistry.describe(ModelName.of(name, model), architecture.knobs());
    if (converted) {
      described = described.as(Form.CONDENSED);
    }
    ModelCost cost = ModelCost.of(described);
    if (format == OutputFormat.JSON) {
      console().out().print(JsonValue.of(facts(described, cost)).pretty());
    } else {
      print(described, cost);
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> facts(ModelDescription described, ModelCost cost) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", described.qualifiedName());
    facts.put("flops", cost.flops());
    facts.put("params", cost.params());
    facts.put("trainableParams", cost.trainableParams());
    facts.put("layers", cost.layers().stream().map(SummaryCommand::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(LayerCost layer) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", layer.name());
    facts.put("type", layer.type());
    facts.put("outputShape", layer.outputShape());
    facts.put("flops", layer.flops());
    facts.put("params", layer.params());
    return facts;
  }

  private void print(ModelDescription described, ModelCost cost) {
    Table table = new Table("layer", "type", "output", ">FLOPs", ">params");
    for (LayerCost layer : cost.layers()) {
      table.row(
          layer.name(),
          layer.type(),
          layer.outputShape().stream().map(String::valueOf).collect(Collectors.joining("x")),
          grouped(layer.flops()),
          grouped(layer.params()));
    }
    console().out().print(table);
    console()
        .out()
        .printf(
            Locale.ROOT,
            "%s: %s FLOPs, %s params condensed, %s params to train%n",
            described.qualifiedName(),
            grouped(cost.flops()),
            grouped(cost.params()),
            grouped(cost.trainableParams()));
  }

  private static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
