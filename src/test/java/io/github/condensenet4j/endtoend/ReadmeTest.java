package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README and its neighbours tell people to type and to read is there. */
class ReadmeTest {

  private static final String JAR = "java -jar cli/target/cli.jar ";
  private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)");

  /** Commands whose run takes minutes; the others are run as they stand. */
  private static final List<String> LONG = List.of("bin/quickstart", "mvn ");

  @Test
  void namesTheTwoCommands() throws IOException {
    assertThat(commands()).contains("bin/quickstart", "mvn -B verify");
    assertThat(Files.readString(root().resolve(".ci/run"))).contains("mvn -B -ntp verify");
    assertThat(root().resolve("bin/quickstart")).isExecutable();
  }

  static List<String> commandsToRun() throws IOException {
    List<String> run = new ArrayList<>();
    for (String command : commands()) {
      assertThat(command).matches("(bin/quickstart|mvn|java -jar cli/target/cli.jar)( .*)?");
      boolean isLong = LONG.stream().anyMatch(command::startsWith);
      if (!isLong && !command.contains("runs/")) {
        run.add(command);
      }
    }
    return run;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commandsToRun")
  void runs(String command) {
    Jar.Answer answer = Jar.run((Object[]) command.substring(JAR.length()).split(" +"));

    assertThat(answer.exitCode()).as(answer.log()).isZero();
  }

  @Test
  void everyOptionOfTheQuickStartIsUnderstood() throws IOException {
    // The quick start itself takes minutes; here its commands are taken a step further than
    // parsing,
    // to the data that they name.
    for (String line : Files.readAllLines(root().resolve("bin/quickstart"))) {
      Matcher folder = Pattern.compile("--data (\\S+)").matcher(line);
      while (folder.find()) {
        assertThat(root().resolve(folder.group(1))).isDirectory();
      }
      Matcher option = Pattern.compile("(?<= )(--[a-z0-9-]+)").matcher(line);
      while (line.contains("$jar") && option.find()) {
        assertThat(optionsOfCommands()).contains(option.group(1));
      }
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(root().resolve("README.md")));
    try (Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    for (Path page : pages) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        assertThat(page.resolveSibling(link.group(1))).as("link in " + page).exists();
      }
    }
  }

  private static String optionsOfCommands() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String command : List.of("train", "convert", "evaluate", "predict")) {
      all.append(Files.readString(root().resolve("docs/commands/" + command + ".md")));
    }
    return all.toString();
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher block = SHELL.matcher(Files.readString(root().resolve("README.md")));
    while (block.find()) {
      Arrays.stream(block.group(1).replace("\\\n", " ").split("\n"))
          .map(line -> line.replaceAll("\\s*#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .forEach(commands::add);
    }
    return commands;
  }

  private static Path root() {
    return Reference.repository();
  }
}
