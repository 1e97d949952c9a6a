package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.model.WeightsKind;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which weights of a file that may carry two sets. */
final class WeightsOption {

  @Option(
      names = "--weights",
      paramLabel = "ema|raw",
      description = "The moving average or the weights themselves; the average where there is one.")
  private String word;

  @Option(names = "--wo-ema-weight", description = "The same as --weights raw.")
  private boolean withoutEma;

  /** Returns the choice, if there is one. */
  Optional<WeightsKind> kind() {
    if (withoutEma && "ema".equals(word)) {
      throw new InvalidOptionException("--weights ema and --wo-ema-weight exclude each other");
    }
    if (withoutEma) {
      return Optional.of(WeightsKind.RAW);
    }
    if (word == null) {
      return Optional.empty();
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "ema" -> Optional.of(WeightsKind.EMA);
      case "raw" -> Optional.of(WeightsKind.RAW);
      default -> throw new InvalidOptionException("--weights", "ema or raw", word);
    };
  }
}
