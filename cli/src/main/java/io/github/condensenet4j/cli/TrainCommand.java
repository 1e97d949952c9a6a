package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.training.Trainer;
import io.github.condensenet4j.training.TrainingData;
import io.github.condensenet4j.training.TrainingOptions;
import io.github.condensenet4j.training.TrainingResult;
import io.github.condensenet4j.training.log.EpochRecord;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a network. */
@Command(
    name = "train",
    description = {
      "Trains a network, and drops its weakest connections on the way, by the official recipe.",
      "The output folder holds last.zip and best.zip, metrics.csv, report.html to look at, and"
          + " args.yaml to repeat the run with -c."
    })
final class TrainCommand extends NumericCommand {

  /** Of the official ImageNet training, and of CIFAR's. */
  private static final int BATCH_SIZE = 1024;

  private static final int SMALL_IMAGE_BATCH_SIZE = 64;
  private static final int SMALL_IMAGE = 64;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATA",
      description = "The same as --data; also cifar10 or cifar100, whose files are then in --data.")
  private Path place;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Name as 'models' lists it; not needed with --pretrained.")
  private String name;

  @Mixin private DataOptions data;

  @Mixin private PreprocessingOptions preprocessing;

  @Option(
      names = {"--output", "--train-url", "--savedir"},
      paramLabel = "DIR",
      description = "Folder of the run, created if it is missing; runs/NAME without it.")
  private Path outputOption;

  @Mixin private RecipeOptions recipe;

  @Option(
      names = {"--init", "--initial-checkpoint"},
      paramLabel = "MODEL",
      description =
          "Model file or official checkpoint whose weights, masks and stages to start from.")
  private Path init;

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = "--freeze",
      description =
          "Trains the classifier only; features, statistics and masks of --pretrained or --init"
              + " stay as they are.")
  private boolean freeze;

  @Mixin private WeightsOption weights;

  @Mixin private AugmentationOptions augmentation;

  @Option(names = "--no-shuffle", description = "Keeps the order of the images.")
  private boolean noShuffle;

  @Option(
      names = {"--log-interval", "--print-freq", "-p"},
      paramLabel = "N",
      defaultValue = "0",
      description = "Steps between lines where no bar can be drawn; a line in 10 s without it.")
  private Integer logInterval;

  @Option(
      names = "--profile",
      description =
          "Also tells how long each kind of layer takes forward and backward, and what else takes"
              + " time; replicas are added up.")
  private boolean profile;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      converter = OutputFormat.Converter.class,
      description = "How to print the result; ${DEFAULT-VALUE} without it.")
  private OutputFormat format;

  private ArchitectureOptions architecture;
  private Path output;
  private TrainingOptions options;
  private ModelDescription model;
  private TrainingData images;
  private FineTuning fineTuning;
  private StateDict initial;

  TrainCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    architecture = new ArchitectureOptions(command);
    tell(OptionsWithoutEffect.ofTraining(command));
  }

  @Override
  void check() {
    recipe.recipe(BATCH_SIZE);
    weights.kind();
    augmentation.check();
    if (recipe.splitsNorms() && !augmentation.hasParts()) {
      throw new InvalidOptionException(
          "--split-bn normalises versions of an image apart; ask for some with --aug-splits 3, or"
              + " for halves of each batch with --resplit");
    }
    data.loaderThreads();
    data.datasets(place);
    if (pretrained.isGiven() && init != null) {
      throw new InvalidOptionException("give --pretrained or --init, not both");
    }
    if (freeze && !pretrained.isGiven() && init == null) {
      throw new InvalidOptionException(
          "--freeze keeps features that are trained; name them with --pretrained or --init");
    }
    if (!pretrained.isGiven()) {
      named(Map.of());
    }
  }

  @Override
  void prepare() {
    Datasets datasets = data.datasets(place);
    if (pretrained.isGiven()) {
      fineTuning = FineTuning.of(pretrained, weights.kind(), name, architecture.knobs());
    }
    model = named(Map.of());
    output = outputOption != null ? outputOption : Path.of("runs", model.name());
    LabeledImages training = datasets.training(model.architecture(), preprocessing(datasets));
    model = named(knobsOf(training));
    DataFit.check(training, model.architecture());
    options = recipe.recipe(usualBatchSize(training));
    tellUnusedMinLr();
    Preprocessing prepared = preprocessing(datasets);
    Optional<LabeledImages> validation =
        datasets.validation(model.architecture(), training.classNames(), prepared);
    validation.ifPresent(found -> DataFit.check(found, model.architecture()));
    images =
        new TrainingData(
            training,
            augmentation.augmentation(training, datasets.kind() != DatasetKind.NPZ),
            augmentation.mixup(),
            augmentation.erasing(),
            augmentation.splits(),
            !noShuffle,
            validation,
            prepared,
            data.loaderThreads());
    if (init != null) {
      initial = ModelInput.read(init, weights.kind(), Optional.of(model)).weights();
    }
    if (fineTuning != null) {
      initial = fineTuning.start(model, training.classNames(), options.seed());
      console().log().println(fineTuning.line(model, training.classNames()));
    }
  }

  private void tellUnusedMinLr() {
    if (options.minLr() > 0 && !options.schedule().fallsToLowest()) {
      console().log().println("note: --min-lr has no effect with --sched " + options.schedule());
    }
  }

  private static int usualBatchSize(LabeledImages training) {
    int usual = training.height() <= SMALL_IMAGE ? SMALL_IMAGE_BATCH_SIZE : BATCH_SIZE;
    return Math.min(usual, training.size());
  }

  /** Returns the network that is named, with {@code others} where nothing is said. */
  private ModelDescription named(Map<Knob, String> others) {
    Map<Knob, String> knobs = new EnumMap<>(Knob.class);
    knobs.putAll(others);
    knobs.putAll(architecture.knobs());
    if (fineTuning != null) {
      return fineTuning.model(knobs);
    }
    if (name == null) {
      throw new InvalidOptionException(
          "the network is missing; name it with --model as 'models' lists it, or take a trained one"
              + " with --pretrained");
    }
    ModelDescription described = ArchitectureRegistry.describe(ModelName.unofficial(name), knobs);
    if (described.form().isCondensed()) {
      throw new InvalidOptionException(
          "--model is "
              + name
              + ", a condensed network; train "
              + described.name()
              + " and convert the result");
    }
    return described;
  }

  /** Returns what the images decide as long as the command line does not. */
  private static Map<Knob, String> knobsOf(LabeledImages images) {
    return Map.of(
        Knob.NUM_CLASSES, String.valueOf(images.classNames().size()),
        Knob.IMAGE_SIZE, String.valueOf(images.height()));
  }

  private Preprocessing preprocessing(Datasets datasets) {
    int size = model.architecture().imageSize();
    return preprocessing.over(
        fineTuning != null
            ? fineTuning.preprocessing(size).orElse(datasets.usualPreprocessing(model.name(), size))
            : datasets.usualPreprocessing(model.name(), size));
  }

  @Override
  int compute() {
    ProgressBar bar = new ProgressBar(console().log(), Terminal.isThere(), logInterval);
    TrainingView view = new TrainingView(bar);
    Trainer trainer =
        new Trainer(model, images, options, output)
            .arguments(arguments())
            .versions(Version.all())
            .progress(view);
    if (initial != null) {
      trainer.init(initial);
    }
    if (freeze) {
      trainer.freezeFeatures();
    }
    TrainingResult result;
    GracefulStop stop = new GracefulStop(trainer::stop);
    try {
      Optional<StepProfile> running = profile ? Optional.of(StepProfile.start()) : Optional.empty();
      result = trainer.run();
      running.ifPresent(StepProfile::stop);
      bar.clear();
      // Before the work counts as ended: a process that is asked to end waits no longer than that.
      print(result, running.map(times -> new ProfileView(times.rows(), view.images())));
      console().out().flush();
    } finally {
      bar.clear();
      stop.workHasEnded();
    }
    return result.finished() ? ExitCode.OK : ExitCode.INTERRUPTED;
  }

  /** Returns what {@code args.yaml} holds: enough to repeat the run from any folder. */
  private Map<String, Object> arguments() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("model", model.name());
    model.architecture().knobs().forEach((knob, value) -> arguments.put(knob.spelling(), value));
    data.recordIn(arguments, place);
    preprocessing.recordIn(arguments);
    arguments.put("output", output.toAbsolutePath().toString());
    if (pretrained.isGiven()) {
      arguments.put("pretrained", pretrained.absolute());
    }
    if (freeze) {
      arguments.put("freeze", true);
    }
    if (init != null) {
      arguments.put("init", init.toAbsolutePath().toString());
    }
    if (initial != null) {
      weights
          .kind()
          .ifPresent(kind -> arguments.put("weights", kind.name().toLowerCase(Locale.ROOT)));
    }
    augmentation.recordIn(arguments);
    arguments.put("no-shuffle", noShuffle);
    arguments.putAll(options.asMap());
    return arguments;
  }

  private void print(TrainingResult result, Optional<ProfileView> times) {
    if (format == OutputFormat.JSON) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("finished", result.finished());
      facts.put("steps", result.steps());
      facts.put("epochs", result.epochs().size());
      last(result).flatMap(EpochRecord::decisiveTop1).ifPresent(top1 -> facts.put("top1", top1));
      facts.put("last", result.last().toString());
      facts.put("best", result.best().toString());
      facts.put("report", result.report().toString());
      times.ifPresent(view -> facts.put("profile", view.facts()));
      console().out().print(JsonValue.of(facts).pretty());
      return;
    }
    times.ifPresent(view -> console().out().print(view.text()));
    console()
        .out()
        .println(
            (result.finished() ? "trained: " : "stopped, go on with --resume: ")
                + result.last()
                + ", curves in "
                + result.report());
  }

  private static Optional<EpochRecord> last(TrainingResult result) {
    List<EpochRecord> epochs = result.epochs();
    return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
  }
}
