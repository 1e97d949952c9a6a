package io.github.condensenet4j.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options of the official scripts that are understood but change nothing, so that official command
 * lines run as they stand.
 *
 * <p>Some do nothing in the official training either, some belong to PyTorch and have no meaning
 * here. A command line that uses one is told so, once.
 */
final class OptionsWithoutEffect {

  private static final String OFFICIALLY =
      "Understood, has no effect, as in the official training.";
  private static final String HERE = "Understood, means nothing here.";

  private final Map<String, String> descriptions = new LinkedHashMap<>();
  private final CommandSpec command;

  private OptionsWithoutEffect(CommandSpec command) {
    this.command = command;
  }

  /** Gives {@code command} the options of the official training scripts that have no effect. */
  static OptionsWithoutEffect ofTraining(CommandSpec command) {
    OptionsWithoutEffect options = new OptionsWithoutEffect(command);
    // Read by the official parsers and by nothing after them.
    for (String name :
        List.of(
            "--gp",
            "--drop-connect",
            "--drop-path",
            "--drop-block",
            "--bn-momentum",
            "--bn-eps",
            "--lr-noise-pct",
            "--lr-noise-std",
            "--lr-cycle-mul",
            "--lr-cycle-limit",
            "--cooldown-epochs",
            "--patience-epochs",
            "--reduction")) {
      options.add(name, "VALUE", "1", OFFICIALLY);
    }
    options.add("--lr-noise", "VALUE", "1..2", OFFICIALLY);
    for (String name : List.of("--bn-tf", "--save-images")) {
      options.add(name, "", "0", OFFICIALLY);
    }
    for (String name :
        List.of("--dist-bn", "--dist-url", "--local-rank", "--num-gpu", "--prime-size", "--gpu")) {
      options.add(name, "VALUE", "1", HERE);
    }
    for (String name :
        List.of(
            "--no-save-model",
            "--sync-bn",
            "--amp",
            "--pin-mem",
            "--no-prefetcher",
            "--use-multi-epochs-loader",
            "--model-ema-force-cpu")) {
      options.add(name, "", "0", HERE);
    }
    return options;
  }

  /** Gives {@code command} the options of the official evaluation scripts that have no effect. */
  static OptionsWithoutEffect ofEvaluation(CommandSpec command) {
    OptionsWithoutEffect options = new OptionsWithoutEffect(command);
    for (String name : List.of("--gpu", "--print-freq,-p")) {
      options.add(name, "VALUE", "1", HERE);
    }
    for (String name : List.of("--resume", "--evaluate")) {
      options.add(name, "", "0", HERE);
    }
    return options;
  }

  /** Says in one line each which of the options that are used have no effect, if there are any. */
  void tell(PrintStream log) {
    Map<String, List<String>> used =
        given().stream()
            .filter(descriptions::containsKey)
            .sorted()
            .collect(
                Collectors.groupingBy(descriptions::get, LinkedHashMap::new, Collectors.toList()));
    used.forEach((description, names) -> log.println("note: " + sentence(description, names)));
  }

  private static String sentence(String description, List<String> names) {
    boolean isOne = names.size() == 1;
    String has = isOne ? " has" : " have";
    String verb =
        switch (description) {
          case OFFICIALLY -> has + " no effect, as in the official training";
          default -> isOne ? " means nothing here" : " mean nothing here";
        };
    return String.join(", ", names) + verb;
  }

  /** Returns the options that the command line or its file of defaults gives. */
  private Set<String> given() {
    CommandLine parser = command.commandLine();
    Set<String> given = new TreeSet<>();
    for (OptionSpec option : parser.getParseResult().matchedOptionsSet()) {
      given.add(option.names()[0]);
    }
    if (parser.getDefaultValueProvider() instanceof ConfigFile config) {
      given.addAll(config.given(command));
    }
    return given;
  }

  /** Adds an option; {@code name} may hold a second spelling behind a comma. */
  private void add(String name, String label, String arity, String description) {
    String[] all = name.split(",");
    descriptions.put(all[0], description);
    OptionSpec.Builder option =
        OptionSpec.builder(all).arity(arity).description(description).order(1000);
    if (arity.equals("0")) {
      option.type(boolean.class);
    } else {
      option.type(arity.equals("1") ? String.class : String[].class).paramLabel(label);
    }
    command.addOption(option.build());
  }
}
