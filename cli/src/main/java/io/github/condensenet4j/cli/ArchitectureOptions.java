package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Knob;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The knobs of a network, an option each. What is left out stays as the named network has it.
 *
 * <p>Values are kept as they are typed; the architecture reads and checks them.
 */
final class ArchitectureOptions {

  private final Map<Knob, String> knobs = new EnumMap<>(Knob.class);

  /** Gives {@code command} an option for every knob. */
  ArchitectureOptions(CommandSpec command) {
    for (Knob knob : Knob.values()) {
      command.addOption(
          OptionSpec.builder(spellings(knob))
              .type(String.class)
              .arity("1")
              .paramLabel(label(knob))
              .description(description(knob))
              .setter(turning(knob))
              .build());
    }
  }

  /** Returns the knobs that were turned. */
  Map<Knob, String> knobs() {
    return knobs;
  }

  private ISetter turning(Knob knob) {
    return new ISetter() {
      @Override
      @SuppressWarnings("TypeParameterUnusedInFormals") // the parser's signature
      public <T> T set(T value) {
        if (value != null) {
          knobs.put(knob, value.toString());
        }
        return null;
      }
    };
  }

  private static String[] spellings(Knob knob) {
    String own = "--" + knob.spelling();
    List<String> all =
        switch (knob) {
          case DROP_RATE -> List.of(own, "--drop", "--dropout-rate");
          case IMAGE_SIZE -> List.of(own, "--img-size");
          default -> List.of(own);
        };
    return all.toArray(String[]::new);
  }

  private static String label(Knob knob) {
    return switch (knob) {
      case STAGES, GROWTH -> "N-N-N";
      case DROP_RATE -> "F";
      default -> "N";
    };
  }

  private static String description(Knob knob) {
    return switch (knob) {
      case STAGES -> "Layers of each dense block, as in 4-6-8.";
      case GROWTH -> "Channels that each layer of each block adds, as in 8-16-32.";
      case BOTTLENECK -> "Bottleneck channels per channel of growth.";
      case GROUP_1X1 -> "Groups of the learned 1x1 convolutions.";
      case GROUP_3X3 -> "Groups of the 3x3 convolutions.";
      case GROUP_TRANS -> "Groups of the sparse feature reactivation (CondenseNetV2).";
      case CONDENSE_FACTOR -> "How many times fewer connections the learned 1x1 convolutions keep.";
      case TRANS_FACTOR -> "The same for the sparse feature reactivation (CondenseNetV2).";
      case HS_START_BLOCK -> "First block with hard-swish, counted from 0 (CondenseNetV2).";
      case SE_START_BLOCK ->
          "First block with squeeze-and-excitation, counted from 0 (CondenseNetV2).";
      case LAST_SE_REDUCTION -> "Reduction of the last squeeze-and-excitation (CondenseNetV2).";
      case FC_CHANNEL ->
          "Width of the hidden layer before the classifier, 0 for none (CondenseNetV2).";
      case DROP_RATE ->
          "Probability of dropping an input of a learned 1x1 convolution in training.";
      case NUM_CLASSES -> "Number of classes.";
      case IMAGE_SIZE -> "Height and width of the input in pixels.";
      case INIT_STRIDE -> "Stride of the first convolution; without it 1 up to 64 pixels, else 2.";
    };
  }
}
