package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.ViewedImages;
import io.github.condensenet4j.training.evaluation.EvaluationResult;
import io.github.condensenet4j.training.evaluation.Evaluator;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells how well a network classifies images. */
@Command(
    name = "evaluate",
    description = {
      "Classifies images with a network and compares the answers with their labels.",
      "Takes model files, and official checkpoints together with --model.",
      "Images that cannot be read are left out of the result and named, and the exit code is 1"
          + " then."
    })
final class EvaluateCommand extends NumericCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "Model file or official checkpoint; the same as --data where --evaluate-from or"
              + " --pretrained names the model.")
  private Path position;

  @Option(names = "--evaluate-from", paramLabel = "MODEL", description = "The same as MODEL.")
  private Path evaluateFrom;

  @Mixin private PretrainedOption pretrained;
  @Mixin private WeightsOption weights;
  @Mixin private DataOptions data;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private BatchOption batch;
  @Mixin private ViewsOption views;
  @Mixin private FormatOption format;
  @Mixin private EngineOption engine;

  @SuppressWarnings("UnusedVariable") // the official scripts write a log there, this one does not
  @Option(names = "--train-url", hidden = true)
  private Path log;

  private NamedModelOptions named;
  private ModelInput model;
  private LabeledImages images;
  private boolean isCompiled;

  EvaluateCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    named = new NamedModelOptions(command);
    tell(OptionsWithoutEffect.ofEvaluation(command));
  }

  @Override
  void check() {
    file();
    batch.size();
    views.views();
    weights.kind();
    data.datasets(place());
  }

  @Override
  void prepare() {
    model =
        pretrained.isGiven()
            ? named.read(pretrained, Form.CONDENSED, weights.kind())
            : named.read(file(), weights.kind());
    isCompiled = engine.isCompiled(file(), model, backend());
    images = images(data.datasets(place()), model, preprocessing);
  }

  @Override
  int compute() {
    Evaluator evaluator =
        new Evaluator(
            new ViewedImages(images, views.views()),
            batch.size(),
            data.loaderThreads(),
            ModelGraphs.LOGITS);
    EvaluationResult result;
    if (isCompiled) {
      try (CompiledModel compiled = EngineOption.compile(model)) {
        result = evaluator.evaluate(batch -> logits(compiled, batch));
      }
    } else {
      result =
          evaluator.evaluate(
              ModelGraphs.build(model.model(), GraphOptions.inference(), model.weights()));
    }
    if (format.isJson()) {
      console().out().print(JsonValue.of(EvaluationView.facts(result)).pretty());
    } else {
      console().out().println(EvaluationView.line(result));
    }
    UnreadableImages.tell(result.unreadable(), console().log());
    return result.unreadable().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static float[][] logits(CompiledModel compiled, INDArray images) {
    int count = (int) images.size(0);
    float[] pixels = images.ravel().toFloatVector();
    return new EngineScorer(compiled).logits(pixels, count, (int) images.size(2));
  }

  /** Opens images to evaluate {@code model} with, as the model's file says they come to it. */
  static LabeledImages images(
      Datasets datasets, ModelInput model, PreprocessingOptions preprocessing) {
    int size = model.model().architecture().imageSize();
    Preprocessing usual =
        model.isImported()
            ? datasets.usualPreprocessing(model.model().name(), size)
            : model.metadata().preprocessing();
    LabeledImages images =
        datasets.evaluation(
            model.model().architecture(), model.metadata().classNames(), preprocessing.over(usual));
    DataFit.check(images, model.model().architecture());
    return images;
  }

  private Path file() {
    if (pretrained.isGiven()) {
      return pretrained.name();
    }
    if (position == null && evaluateFrom == null) {
      throw new InvalidOptionException("the model is missing; name its file");
    }
    return evaluateFrom != null ? evaluateFrom : position;
  }

  /** Returns the data that is named by position, as the official CondenseNet takes it. */
  private Path place() {
    return evaluateFrom != null || pretrained.isGiven() ? position : null;
  }
}
