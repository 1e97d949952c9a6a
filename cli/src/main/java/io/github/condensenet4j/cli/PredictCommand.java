package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.numpy.NpyFile;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.ImageDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what pictures show. */
@Command(
    name = "predict",
    description = {
      "Tells what pictures show: the most probable classes of each.",
      "With --input and --output it writes the scores before softmax for arrays instead."
    })
final class PredictCommand extends NumericCommand {

  private static final String ARCHIVE = ".npz";

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL IMAGE",
      description =
          "Model file, or official checkpoint together with --model, unless --pretrained names the"
              + " model; then JPEG, PNG, GIF, BMP or PNM files.")
  private List<Path> positions = List.of();

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "How many classes to tell; ${DEFAULT-VALUE}.")
  private Integer top;

  @Option(
      names = "--input",
      paramLabel = "X.npy|X.npz:KEY",
      description = "Array [N, 3, H, W] of what the network takes, normalised already.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "LOGITS.npy",
      description = "Where the scores of --input go, an array [N, classes].")
  private Path output;

  @Mixin private WeightsOption weights;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private BatchOption batch;
  @Mixin private FormatOption format;
  @Mixin private EngineOption engine;

  private NamedModelOptions named;
  private Path file;
  private List<Path> pictures;
  private ModelInput model;
  private Tensor array;
  private boolean isCompiled;

  PredictCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    named = new NamedModelOptions(command);
  }

  @Override
  void check() {
    batch.size();
    weights.kind();
    if (!pretrained.isGiven() && positions.isEmpty()) {
      throw new InvalidOptionException(
          "the model is missing; name its file, or a trained model with --pretrained");
    }
    int first = pretrained.isGiven() ? 0 : 1;
    file = pretrained.isGiven() ? pretrained.name() : positions.get(0);
    pictures = positions.subList(first, positions.size());
    if (top < 1) {
      throw new InvalidOptionException("--top", "1 or more", top);
    }
    if ((input == null) != (output == null)) {
      throw new InvalidOptionException(
          input == null
              ? "--output is where the scores of --input go, and --input is missing"
              : "--input needs --output, the file for the scores");
    }
    if (input == null && pictures.isEmpty()) {
      throw new InvalidOptionException("nothing to predict; name pictures, or an array by --input");
    }
    if (input != null && !pictures.isEmpty()) {
      throw new InvalidOptionException("give pictures or --input, not both");
    }
  }

  @Override
  void prepare() {
    model =
        pretrained.isGiven()
            ? named.read(pretrained, Form.CONDENSED, weights.kind())
            : named.read(file, weights.kind());
    isCompiled = engine.isCompiled(file, model, backend());
    if (input != null) {
      ModelInput.requireOther(file, output);
      array = array(input);
    }
  }

  @Override
  boolean needsNd4j() {
    return !isCompiled;
  }

  @Override
  int compute() {
    return input != null ? scoreArray() : classifyPictures();
  }

  private int scoreArray() {
    float[][] logits;
    try (Scorer scorer = scorer(array.size(2))) {
      logits = new Predictor(scorer, array.size(2), batch.size()).logits(array);
    }
    int classes = model.model().architecture().numClasses();
    float[] values = new float[logits.length * classes];
    for (int image = 0; image < logits.length; image++) {
      System.arraycopy(logits[image], 0, values, image * classes, classes);
    }
    NpyFile.write(output, Tensor.ofFloats(values, logits.length, classes));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("output", output.toString());
    facts.put("shape", List.of(logits.length, classes));
    if (format.isJson()) {
      console().out().print(JsonValue.of(facts).pretty());
    } else {
      console().out().println(output + ": " + logits.length + " x " + classes + " scores");
    }
    return ExitCode.OK;
  }

  private Scorer scorer(int imageSize) {
    return isCompiled
        ? new EngineScorer(EngineOption.compile(model))
        : GraphScorer.of(model, imageSize);
  }

  private static Tensor array(String input) {
    int split = input.lastIndexOf(ARCHIVE + ":");
    Tensor array;
    if (split >= 0) {
      int end = split + ARCHIVE.length();
      array = NpzFile.read(Path.of(input.substring(0, end)), input.substring(end + 1));
    } else if (input.endsWith(ARCHIVE)) {
      throw new InvalidOptionException(
          "--input is "
              + input
              + ", an archive of arrays; name one as in "
              + input
              + ":"
              + NpzFile.keys(Path.of(input)).stream().findFirst().orElse("x"));
    } else {
      array = NpyFile.read(Path.of(input));
    }
    int[] shape = array.shape();
    if (shape.length != 4
        || shape[0] < 1
        || shape[1] != 3
        || shape[2] < 1
        || shape[2] != shape[3]) {
      throw new InvalidFileException(
          input, "has shape " + array + ", [N, 3, H, H] expected, none of it 0");
    }
    if (!array.type().isFloat()) {
      throw new InvalidFileException(
          input, "holds " + array.type() + ", floating-point numbers expected");
    }
    return array;
  }

  private int classifyPictures() {
    Preprocessing prepared = preprocessing.over(model.metadata().preprocessing());
    EvaluationPreprocessor preprocessor = new EvaluationPreprocessor(prepared);
    List<Prediction> predictions = new ArrayList<>();
    try (Scorer scorer = scorer(prepared.imageSize())) {
      Predictor predictor = new Predictor(scorer, prepared.imageSize(), batch.size());
      for (int from = 0; from < pictures.size(); from += batch.size()) {
        List<Path> some = pictures.subList(from, Math.min(pictures.size(), from + batch.size()));
        predictions.addAll(classify(some, preprocessor, predictor));
      }
    }
    print(predictions);
    return predictions.stream().allMatch(Prediction::isAnswered) ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<Prediction> classify(
      List<Path> some, EvaluationPreprocessor preprocessor, Predictor predictor) {
    Map<Path, CondenseNetException> failures = new LinkedHashMap<>();
    List<float[]> inputs = new ArrayList<>();
    for (Path picture : some) {
      try {
        inputs.add(preprocessor.apply(ImageDecoder.decode(picture)));
      } catch (CondenseNetException e) {
        failures.put(picture, e);
      }
    }
    float[][] logits = predictor.logits(inputs);
    List<Prediction> predictions = new ArrayList<>();
    int next = 0;
    for (Path picture : some) {
      CondenseNetException failure = failures.get(picture);
      predictions.add(
          failure != null
              ? Prediction.failed(picture, failure.getMessage())
              : Prediction.of(picture, logits[next++], model.metadata().classNames(), top));
    }
    return predictions;
  }

  private void print(List<Prediction> predictions) {
    if (format.isJson()) {
      List<Map<String, Object>> images = predictions.stream().map(Prediction::facts).toList();
      console().out().print(JsonValue.of(Map.of("images", images)).pretty());
      return;
    }
    for (Prediction prediction : predictions) {
      if (prediction.isAnswered()) {
        console().out().println(prediction.file() + ": " + line(prediction));
      } else {
        console().log().println("error: " + prediction.error());
      }
    }
  }

  private static String line(Prediction prediction) {
    return prediction.classes().stream()
        .map(
            guess ->
                String.format(Locale.ROOT, "%s %.1f %%", guess.name(), 100 * guess.probability()))
        .collect(Collectors.joining(", "));
  }
}
