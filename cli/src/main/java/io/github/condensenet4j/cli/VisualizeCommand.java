package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.visualization.NetworkPictures;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a network learned to keep. */
@Command(
    name = "visualize",
    description = {
      "Draws what a network learned to keep: how strongly its layers are connected, how many"
          + " connections each block keeps, and the architecture.",
      "Writes PNG files, and a page index.html that shows all of them and needs no other file."
    })
final class VisualizeCommand extends SubCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "Model file, converted or not, or official checkpoint together with --model; not with"
              + " --pretrained.")
  private Path file;

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the pictures, created if it is missing; its other files stay.")
  private Path output;

  @Mixin private WeightsOption weights;

  private NamedModelOptions named;

  VisualizeCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    named = new NamedModelOptions(command);
  }

  @Override
  public Integer call() {
    if ((file == null) != pretrained.isGiven()) {
      throw new InvalidOptionException(
          file == null
              ? "the model is missing; name its file, or a trained model with --pretrained"
              : "give MODEL or --pretrained, not both");
    }
    ModelInput input =
        file != null
            ? named.read(file, weights.kind())
            : named.read(pretrained, Form.TRAINABLE, weights.kind());
    List<Path> written = new NetworkPictures(input.model(), input.weights()).write(output);
    console().out().printf("visualized: %s and %d pictures%n", written.get(0), written.size() - 1);
    return ExitCode.OK;
  }
}
