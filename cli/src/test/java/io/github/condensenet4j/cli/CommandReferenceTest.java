package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code docs/commands} says what the commands say of themselves. */
class CommandReferenceTest {

  private static final Path FOLDER = Reference.repository().resolve("docs/commands");

  private static final CommandLine PROGRAM =
      new Program(new Console(System.out, System.err)).commandLine();

  static List<String> commands() {
    List<String> commands = new ArrayList<>();
    PROGRAM
        .getSubcommands()
        .forEach(
            (name, parser) -> {
              commands.add(name);
              parser.getSubcommands().keySet().forEach(below -> commands.add(name + "-" + below));
            });
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isCurrent(String command) throws IOException {
    CommandLine parser = PROGRAM;
    for (String name : command.startsWith("data-") ? command.split("-") : new String[] {command}) {
      parser = parser.getSubcommands().get(name);
    }
    String text =
        "# " + command + "\n\n```text\n" + parser.getUsageMessage(Ansi.OFF).strip() + "\n```\n";
    Path file = FOLDER.resolve(command + ".md");
    if (Boolean.getBoolean("update.docs")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }

    assertThat(file)
        .as("written anew with -Dupdate.docs=true, as CONTRIBUTING.md says")
        .hasContent(text);
  }
}
