package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.numpy.NpyFile;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real images with a tiny network: train, evaluate, convert, predict. */
class MainJobTest {

  private static final Path SAMPLE = Jar.SAMPLE;

  @TempDir private static Path folder;

  private static Path run;
  private static Jar.Answer training;
  private static JsonValue conversion;

  @BeforeAll
  static void trainAndConvert() {
    run = folder.resolve("run");
    List<Object> train = new ArrayList<>(List.of("train", "--model", "cdnv2"));
    train.addAll(Jar.TINY);
    train.addAll(
        List.of(
            "--dataset",
            "cifar10",
            "--data",
            SAMPLE,
            "--output",
            run,
            "--epochs",
            "4",
            "--batches-per-epoch",
            "3",
            "--batch-size",
            "16",
            "--lr",
            "0.1",
            "--warmup-epochs",
            "0",
            "--log-steps",
            "--aa",
            "rand-m9-mstd0.5",
            "--reprob",
            "0.2",
            "--tta",
            "0",
            "--amp",
            "--profile",
            "--format",
            "json"));
    training = Jar.run(train.toArray());
    assertThat(training.exitCode()).as(training.log()).isZero();
    Jar.Answer converted =
        Jar.run(
            "convert",
            run.resolve("last.zip"),
            folder.resolve("converted.zip"),
            "--dataset",
            "cifar10",
            "--data",
            SAMPLE,
            "--format",
            "json");
    assertThat(converted.exitCode()).as(converted.log()).isZero();
    conversion = JsonValue.parse(converted.out(), "conversion");
  }

  @Test
  void trainingLeavesAFolderToLookAtAndToRepeat() throws IOException {
    assertThat(run)
        .isDirectoryContaining("glob:**/last.zip")
        .isDirectoryContaining("glob:**/best.zip")
        .isDirectoryContaining("glob:**/args.yaml")
        .isDirectoryContaining("glob:**/report.html");
    assertThat(Files.readAllLines(run.resolve("metrics.csv"))).hasSize(1 + 4);
    List<String> steps = Files.readAllLines(run.resolve("steps.csv"));
    assertThat(steps).hasSize(1 + 12);
    assertThat(steps.get(0)).isEqualTo("step,epoch,batch,progress,lr,loss,keptFraction");
    assertThat(steps.get(12)).startsWith("11,3,2,").endsWith(",0.5");
  }

  @Test
  void trainingSaysOnceWhatMeansNothingAndWhatItRunsOn() {
    assertThat(training.log())
        .containsOnlyOnce("--amp means nothing here")
        .contains("backend: CPU")
        .contains("threads")
        .contains("epoch 4/4")
        .as("what newer versions of Java say about ND4J frightens people")
        .doesNotContain("WARNING");
    assertThat(JsonValue.parse(training.out(), "training").get("finished").bool()).isTrue();
  }

  @Test
  void profileTellsWhereTheTimeWent() {
    JsonValue profile = JsonValue.parse(training.out(), "training").get("profile");
    assertThat(profile.get("images").longInteger()).isPositive();
    assertThat(profile.get("imagesPerSecond").number()).isPositive();
    Map<String, JsonValue> times =
        profile.get("times").list().stream()
            .collect(Collectors.toMap(row -> row.get("kind").text(), Function.identity()));
    assertThat(times)
        .containsKeys(
            "1×1 convolution",
            "3×3 convolution",
            "reactivation",
            "average pooling",
            "optimizer",
            "moving average",
            "waiting for data",
            "evaluation",
            "checkpoints");
    assertThat(times.get("1×1 convolution").get("forwardSeconds").number()).isPositive();
    assertThat(times.get("1×1 convolution").get("backwardSeconds").number()).isPositive();
    double shares = times.values().stream().mapToDouble(row -> row.get("share").number()).sum();
    assertThat(shares).isCloseTo(1, within(1e-9));
  }

  @Test
  void conversionMakesTheFileSmallerAndKeepsTheAnswers() {
    assertThat(conversion.get("bytesAfter").longInteger())
        .isLessThan(conversion.get("bytesBefore").longInteger());
    assertThat(conversion.get("paramsAfter").longInteger())
        .isLessThan(conversion.get("paramsBefore").longInteger());
    assertThat(conversion.get("flopsAfter").longInteger())
        .isLessThanOrEqualTo(conversion.get("flopsBefore").longInteger());
    // Single precision, sums in another order.
    assertThat(conversion.get("maxLogitDifference").number()).isLessThan(1e-4);
    assertThat(conversion.get("top1After").number())
        .isEqualTo(conversion.get("top1Before").number());
  }

  @Test
  void evaluationOfBothFilesAgreesWithTheConversion() {
    for (Path model : List.of(run.resolve("last.zip"), folder.resolve("converted.zip"))) {
      Jar.Answer answer =
          Jar.run("evaluate", model, "--dataset", "cifar10", "--data", SAMPLE, "--format", "json");
      JsonValue result = JsonValue.parse(answer.out(), "evaluation");

      assertThat(result.keys()).contains("top1", "top5", "loss", "images", "imagesPerSecond");
      assertThat(result.get("images").longInteger()).isEqualTo(200);
      assertThat(result.get("top1").number()).isEqualTo(conversion.get("top1After").number());
    }
  }

  @Test
  void modelFilesSayWhatMadeThem() {
    for (String file : List.of("run/last.zip", "converted.zip")) {
      try (ModelFile model = ModelFile.read(folder.resolve(file))) {
        assertThat(model.metadata().versions()).containsKeys("condensenet4j", "nd4j", "java");
      }
    }
  }

  @Test
  void refusesToWriteTheConvertedFileOverTheTrainedOne() throws IOException {
    Path trained = Files.copy(run.resolve("last.zip"), folder.resolve("trained.zip"));

    Jar.Answer answer = Jar.run("convert", trained, trained);

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(errors(answer)).hasSize(1).first().asString().contains(trained.toString());
    assertThat(trained).hasSameBinaryContentAs(run.resolve("last.zip"));
  }

  @Test
  void refusesAFileOfAnotherNetworkThanTheNamedOne() {
    Jar.Answer answer =
        Jar.run(
            "evaluate",
            run.resolve("last.zip"),
            "--model",
            "cdnv2",
            "--growth",
            "4-8-16",
            "--data",
            SAMPLE);

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(errors(answer))
        .hasSize(1)
        .first()
        .asString()
        .contains("--growth is 4-8-16")
        .contains("4-8-8");
  }

  @Test
  void evaluationLeavesOutPicturesThatCannotBeReadAndSaysSo() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (int number = 0; number < 10; number++) {
      Path ofClass = Files.createDirectories(pictures.resolve("class" + number));
      Pictures.writeNoise(ofClass.resolve("noise.png"), 40, 32);
    }
    Path bad = Files.writeString(pictures.resolve("class3/bad.jpg"), "no picture");

    Jar.Answer answer =
        Jar.run("evaluate", run.resolve("last.zip"), "--data", pictures, "--format", "json");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.log()).contains("1 image could not be read");
    JsonValue result = JsonValue.parse(answer.out(), "evaluation");
    assertThat(result.get("images").longInteger()).isEqualTo(10);
    assertThat(result.get("unreadable").list()).hasSize(1);
    assertThat(result.get("unreadable").list().get(0).text()).contains(bad.toString());
  }

  @Test
  void repeatsTheRunFromItsArguments() throws IOException {
    Path again = folder.resolve("again");

    Jar.Answer answer = Jar.run("train", "-c", run.resolve("args.yaml"), "--output", again);

    assertThat(answer.exitCode()).as(answer.log()).isZero();
    assertThat(again.resolve("steps.csv")).hasSameTextualContentAs(run.resolve("steps.csv"));
  }

  @Test
  void refusesAFolderThatHoldsARun() {
    Jar.Answer answer = Jar.run("train", "-c", run.resolve("args.yaml"));

    assertThat(answer.exitCode()).isBetween(1, 2);
    assertThat(errors(answer)).hasSize(1);
    assertThat(answer.log()).contains("--overwrite").contains("--resume");
  }

  @Test
  void predictsClassesOfPicturesAndGoesOnPastBadOnes() throws IOException {
    Path good = folder.resolve("noise.png");
    Pictures.writeNoise(good, 40, 32);
    Path bad = folder.resolve("bad.png");
    Files.writeString(bad, "no picture");

    Jar.Answer answer =
        Jar.run(
            "predict",
            folder.resolve("converted.zip"),
            good,
            bad,
            "--top",
            "3",
            "--format",
            "json");

    assertThat(answer.exitCode()).isEqualTo(1);
    List<JsonValue> images = JsonValue.parse(answer.out(), "prediction").get("images").list();
    assertThat(images).hasSize(2);
    List<JsonValue> classes = images.get(0).get("classes").list();
    assertThat(images.get(0).get("file").text()).isEqualTo(good.toString());
    assertThat(classes).hasSize(3);
    assertThat(classes.get(0).keys()).containsExactly("name", "index", "probability");
    assertThat(classes.get(0).get("probability").number())
        .isGreaterThanOrEqualTo(classes.get(1).get("probability").number());
    assertThat(classes.get(0).get("name").text()).matches("[a-z]+");
    assertThat(images.get(1).get("error").text()).contains(bad.toString());
  }

  @Test
  void writesTheScoresOfArrays() {
    Random random = new Random(1);
    float[] values = new float[5 * 3 * 32 * 32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Tensor x = Tensor.ofFloats(values, 5, 3, 32, 32);
    NpyFile.write(folder.resolve("x.npy"), x);
    NpzFile.write(folder.resolve("x.npz"), Map.of("images", x));
    Path fromNpy = folder.resolve("logits1.npy");
    Path fromNpz = folder.resolve("logits2.npy");
    Path model = folder.resolve("converted.zip");

    Jar.run("predict", model, "--input", folder.resolve("x.npy"), "--output", fromNpy);
    Jar.run(
        "predict",
        model,
        "--input",
        folder.resolve("x.npz") + ":images",
        "--output",
        fromNpz,
        "-b",
        "2",
        "--engine",
        "nd4j");

    assertThat(NpyFile.read(fromNpy).shape()).containsExactly(5, 10);
    float[] first = NpyFile.read(fromNpy).toFloats();
    float[] second = NpyFile.read(fromNpz).toFloats();
    for (int i = 0; i < first.length; i++) {
      // The engine, which folds the batch norms and adds in another order, against the graph.
      assertThat(second[i]).isCloseTo(first[i], org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  @Test
  void takesTheEngineForConvertedNetworksOnly() {
    Jar.Answer converted =
        Jar.run("evaluate", folder.resolve("converted.zip"), "--data", SAMPLE, "--format", "json");
    Jar.Answer trained =
        Jar.run("evaluate", run.resolve("last.zip"), "--data", SAMPLE, "--engine", "simd");

    assertThat(converted.log()).contains("kernels: ").doesNotContain("WARNING");
    assertThat(trained.exitCode()).isEqualTo(2);
    assertThat(trained.log())
        .contains("--engine simd takes converted networks")
        .contains("convert it first, or take --engine nd4j");
  }

  @Test
  void measuresTheEngine() {
    Jar.Answer answer =
        Jar.run(
            "bench",
            folder.resolve("converted.zip"),
            "--batch",
            "2",
            "--threads",
            "1",
            "--format",
            "json");

    JsonValue result = JsonValue.parse(answer.out(), "bench").get("results").list().get(0);
    assertThat(result.get("batch").integer()).isEqualTo(2);
    assertThat(result.get("threads").integer()).isEqualTo(1);
    assertThat(result.get("medianMillis").number()).isPositive();
    assertThat(result.get("p99Millis").number())
        .isGreaterThanOrEqualTo(result.get("p95Millis").number());
    assertThat(result.get("gflops").number()).isPositive();
    assertThat(result.get("shareOfPeak").number()).isPositive();
  }

  @Test
  void boundsTheThreadsAndKeepsStandardOutputClean() {
    Jar.Answer answer =
        Jar.run(
            "evaluate",
            folder.resolve("converted.zip"),
            "--data",
            SAMPLE,
            "--threads",
            "1",
            "--format",
            "json");

    assertThat(answer.log()).contains(" 1 threads");
    assertThat(JsonValue.parse(answer.out(), "evaluation").get("images").longInteger())
        .isEqualTo(200);
  }

  private static List<String> errors(Jar.Answer answer) {
    return answer.log().lines().filter(line -> line.startsWith("error: ")).toList();
  }
}
