package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidOptionException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command line, runs its command, and turns whatever goes wrong into one line. */
final class Program {

  static final String STACKTRACE = "--stacktrace";

  private static final List<String> CONFIG = List.of("-c", "--config");

  private final Console console;

  Program(Console console) {
    this.console = console;
  }

  /** Runs {@code args} and returns the exit code. */
  int run(String... args) {
    String[] spelled = Spelling.withDashes(args);
    boolean stacktrace = Arrays.asList(spelled).contains(STACKTRACE);
    CommandLine commandLine = commandLine();
    commandLine.setParameterExceptionHandler(
        (wrong, all) -> fail(wrongUsage(wrong, all), wrong, ExitCode.WRONG_USAGE, stacktrace));
    commandLine.setExecutionExceptionHandler((cause, command, parsed) -> fail(cause, stacktrace));
    try {
      giveDefaults(commandLine, spelled);
      return commandLine.execute(spelled);
    } catch (CondenseNetException | OutOfMemoryError | LinkageError e) {
      return fail(e, stacktrace);
    }
  }

  /** Returns the parser with all commands, as the help and the documentation describe it. */
  CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new CondenseNet());
    DataCommand data = new DataCommand(console);
    for (SubCommand command :
        List.of(
            new TrainCommand(console),
            new EvaluateCommand(console),
            new ConvertCommand(console),
            new PredictCommand(console),
            new SummaryCommand(console),
            new ModelsCommand(console),
            new ImportCommand(console),
            new ExportCommand(console),
            new VisualizeCommand(console),
            new BenchCommand(console),
            data,
            new PackWeightsCommand(console))) {
      commandLine.addSubcommand(parser(command));
    }
    for (SubCommand command : data.subcommands()) {
      commandLine.getSubcommands().get("data").addSubcommand(parser(command));
    }
    // Of an option that is given twice the last value counts, without a word about it.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    return commandLine
        .setOverwrittenOptionsAllowed(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .registerConverter(Integer.class, wholeNumber())
        .registerConverter(Long.class, longNumber())
        .registerConverter(Double.class, number())
        .registerConverter(BackendChoice.class, backend())
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.log(), true, StandardCharsets.UTF_8));
  }

  private static CommandLine parser(SubCommand command) {
    CommandLine parser = new CommandLine(command);
    command.declare(parser.getCommandSpec());
    parser.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    return parser;
  }

  /** Lets the file behind {@code --config} answer for options that are not given. */
  private static void giveDefaults(CommandLine commandLine, String[] args) {
    Optional<Path> path = configIn(args);
    CommandLine command = args.length == 0 ? null : commandLine.getSubcommands().get(args[0]);
    if (command != null && args.length > 1 && command.getSubcommands().containsKey(args[1])) {
      command = command.getSubcommands().get(args[1]);
    }
    if (path.isPresent() && command != null) {
      ConfigFile config = ConfigFile.read(path.get());
      config.check(command.getCommandSpec());
      command.setDefaultValueProvider(config);
    }
  }

  private static Optional<Path> configIn(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (CONFIG.contains(args[i]) && i + 1 < args.length) {
        return Optional.of(Path.of(args[i + 1]));
      }
      for (String name : CONFIG) {
        if (args[i].startsWith(name + "=")) {
          return Optional.of(Path.of(args[i].substring(name.length() + 1)));
        }
      }
    }
    return Optional.empty();
  }

  private static ITypeConverter<Integer> wholeNumber() {
    return text -> {
      try {
        return Integer.valueOf(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("is " + text + ", a whole number expected");
      }
    };
  }

  private static ITypeConverter<Long> longNumber() {
    return text -> {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("is " + text + ", a whole number expected");
      }
    };
  }

  private static ITypeConverter<Double> number() {
    return text -> {
      try {
        double value = Double.parseDouble(text);
        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below, as for a number that is none.
      }
      throw new TypeConversionException("is " + text + ", a finite number expected");
    };
  }

  private static ITypeConverter<BackendChoice> backend() {
    return text ->
        switch (text.toLowerCase(Locale.ROOT)) {
          case "auto" -> BackendChoice.AUTO;
          case "cpu" -> BackendChoice.CPU;
          case "cuda" -> BackendChoice.CUDA;
          default ->
              throw new TypeConversionException("is " + text + ", auto, cpu or cuda expected");
        };
  }

  private int fail(Throwable cause, boolean stacktrace) {
    boolean wrongUsage =
        cause instanceof InvalidOptionException || cause instanceof ArchitectureException;
    return fail(
        sentence(cause), cause, wrongUsage ? ExitCode.WRONG_USAGE : ExitCode.FAILED, stacktrace);
  }

  private int fail(String sentence, Throwable cause, int exitCode, boolean stacktrace) {
    console.out().flush();
    console.log().println("error: " + sentence.strip().replaceAll("\\s*\\R\\s*", " "));
    if (stacktrace) {
      cause.printStackTrace(console.log());
    }
    return exitCode;
  }

  private static String sentence(Throwable cause) {
    if (cause instanceof CondenseNetException) {
      return cause.getMessage();
    }
    if (cause instanceof OutOfMemoryError) {
      return "out of memory ("
          + cause.getMessage()
          + "); take a smaller --batch-size, or give Java more with -Xmx";
    }
    return "internal error: " + cause + "; " + STACKTRACE + " shows where";
  }

  private static String wrongUsage(ParameterException wrong, String[] all) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return unknownArgument(unmatched.getUnmatched().get(0), unmatched.getCommandLine());
    }
    if (wrong.getCause() instanceof TypeConversionException conversion
        && wrong.getArgSpec() instanceof OptionSpec option) {
      return nameOf(option) + " " + conversion.getMessage();
    }
    if (wrong instanceof MissingParameterException missing) {
      // The parser misses the right option before it minds the mistyped one.
      return firstUnknown(all, wrong.getCommandLine())
          .map(typed -> unknownArgument(typed, wrong.getCommandLine()))
          .orElseGet(() -> missing(missing));
    }
    return wrong.getMessage();
  }

  private static String missing(MissingParameterException missing) {
    String what =
        missing.getMissing().stream()
            .map(arg -> arg instanceof OptionSpec option ? nameOf(option) : arg.paramLabel())
            .collect(Collectors.joining(" and "));
    // The parser uses this exception for an option without its value, too.
    return missing.getMissing().isEmpty() || missing.getMessage().contains("parameter for option")
        ? missing.getMessage()
        : what
            + (missing.getMissing().size() == 1 ? " is" : " are")
            + " missing; see "
            + missing.getCommandLine().getCommandName()
            + " --help";
  }

  /** Returns the name of an option by which the documentation calls it: its first long one. */
  private static String nameOf(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> name.startsWith("--"))
        .findFirst()
        .orElse(option.names()[0]);
  }

  private static Optional<String> firstUnknown(String[] all, CommandLine command) {
    return Arrays.stream(all)
        .filter(word -> word.startsWith("--") && word.length() > 2)
        .filter(word -> command.getCommandSpec().findOption(nameIn(word)) == null)
        .findFirst();
  }

  private static String unknownArgument(String typed, CommandLine command) {
    if (typed.startsWith("-")) {
      List<String> names = new ArrayList<>();
      for (OptionSpec option : command.getCommandSpec().options()) {
        names.addAll(List.of(option.names()));
      }
      return "unknown option "
          + nameIn(typed)
          + othersWith(nameIn(typed), command)
          + NearestNames.question(nameIn(typed), names);
    }
    if (!command.getSubcommands().isEmpty()) {
      return "unknown command "
          + typed
          + NearestNames.question(typed, command.getSubcommands().keySet());
    }
    return "unexpected argument " + typed;
  }

  /** The official scripts train, evaluate and convert by one command; here each has its options. */
  private static String othersWith(String option, CommandLine command) {
    if (command.getParent() == null) {
      return "";
    }
    String others =
        command.getParent().getSubcommands().values().stream()
            .filter(other -> other.getCommandSpec().findOption(option) != null)
            .map(CommandLine::getCommandName)
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? "" : ", which belongs to " + others;
  }

  private static String nameIn(String word) {
    int end = word.indexOf('=');
    return end < 0 ? word : word.substring(0, end);
  }
}
