package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.io.FileProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Defaults for the options of a command from a YAML file: {@code batch-size: 64}.
 *
 * <p>A key is the long name of an option, with dashes or underscores. Empty values count as not
 * given. What stands on the command line wins.
 */
final class ConfigFile implements IDefaultValueProvider {

  private static final int MAX_BYTES = 1 << 20;

  private final Path path;
  private final Map<String, String> values;

  private ConfigFile(Path path, Map<String, String> values) {
    this.path = path;
    this.values = values;
  }

  /**
   * Reads {@code path}.
   *
   * @throws InvalidFileException if it is not there, or is no YAML of keys and values
   */
  static ConfigFile read(Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new InvalidFileException(path, "is larger than 1 MiB, options are expected in it");
      }
      String text = Files.readString(path, StandardCharsets.UTF_8);
      LoadSettings settings =
          LoadSettings.builder().setLabel(path.toString()).setMaxAliasesForCollections(10).build();
      Object root = new Load(settings).loadFromString(text);
      return new ConfigFile(path, flatten(path, root));
    } catch (IOException e) {
      throw FileProblem.reading(path, e);
    } catch (YamlEngineException e) {
      throw new InvalidFileException(
          path, "is no YAML: " + e.getMessage().lines().collect(Collectors.joining(" ")), e);
    }
  }

  /** Returns all that the file holds, by the long names of options without their dashes. */
  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /**
   * Refuses keys that are no options of {@code command}.
   *
   * @throws InvalidOptionException naming the nearest options
   */
  void check(CommandSpec command) {
    Set<String> known =
        command.options().stream()
            .flatMap(option -> List.of(option.names()).stream())
            .map(ConfigFile::key)
            .collect(Collectors.toSet());
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new InvalidOptionException(
            path
                + ": "
                + command.name()
                + " has no option --"
                + key
                + NearestNames.question(key, known));
      }
    }
  }

  /** Returns the options of {@code command} that get a value here, by their first names. */
  Set<String> given(CommandSpec command) {
    return command.options().stream()
        .filter(option -> defaultValue(option) != null)
        .map(option -> option.names()[0])
        .collect(Collectors.toSet());
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      for (String name : option.names()) {
        String value = values.get(key(name));
        if (value != null) {
          return value;
        }
      }
    }
    // Null keeps the default that the option has of its own.
    return null;
  }

  private static Map<String, String> flatten(Path path, Object root) {
    if (!(root instanceof Map<?, ?> map)) {
      throw new InvalidFileException(
          path, "holds no options; lines as in 'batch-size: 64' expected");
    }
    Map<String, String> values = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          String text = text(path, key, value);
          if (!text.isEmpty()) {
            values.put(key("--" + key), text);
          }
        });
    return values;
  }

  private static String text(Path path, Object key, Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    if (value instanceof Map) {
      throw new InvalidFileException(path, key + " holds keys of its own, one value expected");
    }
    return value.toString();
  }

  private static String key(String option) {
    return option.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
