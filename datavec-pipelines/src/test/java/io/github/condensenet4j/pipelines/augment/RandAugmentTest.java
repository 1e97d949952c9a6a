package io.github.condensenet4j.pipelines.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.RandomStream;
import io.github.condensenet4j.pipelines.augment.DrawnOperation.Drawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds parsing, levels and drawing against what timm's code did. */
class RandAugmentTest {

  private static final int PICTURES = 20_000;

  private static JsonValue reference() {
    return JsonValue.read(Reference.of("augmentation/randaugment.json"));
  }

  private static RandAugment parse(String text) {
    return RandAugment.parse(text, Optional.empty());
  }

  @Test
  void readsWhatTimmReads() {
    JsonValue table = reference().get("config_parsing");
    for (String text : table.keys()) {
      JsonValue expected = table.get(text);
      RandAugment found = parse(text);
      assertThat(found.operations().stream().map(ImageOperation::timmName))
          .as(text)
          .containsExactlyElementsOf(
              expected.get("ops").list().stream().map(JsonValue::text).toList());
      assertThat(found.layers()).as(text).isEqualTo(expected.get("num_layers").integer());
      assertThat(found.probability()).as(text).isEqualTo(expected.get("prob").number());
      assertThat(found.magnitude()).as(text).isEqualTo(expected.get("magnitude").number());
      assertThat(found.deviation()).as(text).isEqualTo(expected.get("magnitude_std").number());
      assertThat(found.weights().isEmpty())
          .as(text)
          .isEqualTo(expected.get("with_replacement").bool());
      if (!found.weights().isEmpty()) {
        assertThat(found.weights().stream().mapToDouble(Double::doubleValue))
            .containsExactly(boxed(expected.get("choice_weights").numbers()));
      }
    }
  }

  private static Double[] boxed(double[] numbers) {
    Double[] boxed = new Double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      boxed[i] = numbers[i];
    }
    return boxed;
  }

  @Test
  void knowsProbabilityAndAnyLevel() {
    RandAugment found = parse("rand-p0.3-mstdinf-m4");

    assertThat(found.probability()).isEqualTo(0.3);
    assertThat(found.deviation()).isInfinite();
    assertThat(found.magnitude()).isEqualTo(4);
    assertThat(parse("rand-m9-inc0").operations())
        .as("any number after inc, as in timm")
        .contains(ImageOperation.POSTERIZE_INCREASING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rand-m",
        "rand-m9.5",
        "rand-x3",
        "rand-w1",
        "rand-m11",
        "rand-n0",
        "rand-p2",
        "rand--m9",
        "rand-mstd",
        "rand-mstd-1",
        "random-m9",
        "rand-w0-n14",
        "rand-m-9",
        "rand-mstdnan"
      })
  void refusesWhatItDoesNotKnow(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--aa");
  }

  @Test
  void levelsMeanWhatTimmsTablesSay() {
    JsonValue table = reference().get("level_to_arg_positive_sign");
    for (String name : table.keys()) {
      ImageOperation operation = ImageOperation.ofTimmName(name);
      Optional<JsonValue> found = table.find(name);
      if (found.isEmpty()) {
        assertThat(operation.argument(9, false)).as(name).isZero();
        continue;
      }
      JsonValue levels = found.get();
      for (String level : levels.keys()) {
        assertThat(operation.argument(Double.parseDouble(level), false))
            .as("%s at %s", name, level)
            .isCloseTo(levels.get(level).number(), within(1e-15));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"ROTATE, -27", "SHEAR_X, -0.27", "COLOR_INCREASING, 0.19"})
  void someGoEitherWay(ImageOperation operation, double argument) {
    assertThat(operation.hasSign()).isTrue();
    assertThat(operation.argument(9, true)).isCloseTo(argument, within(1e-15));
  }

  @Test
  void drawsAsOftenAndAsFarAsTimm() {
    JsonValue empirical = reference().get("empirical");
    RandAugment augment = parse("rand-m9-mstd0.5");
    Map<ImageOperation, Integer> pictures = new EnumMap<>(ImageOperation.class);
    int[] applied = new int[3];
    int rotations = 0;
    int negative = 0;
    double sum = 0;
    double squares = 0;
    int bicubic = 0;
    int all = 0;
    for (int i = 0; i < PICTURES; i++) {
      List<Drawn> drawn = augment.draw(RandomStream.of(1, i));
      applied[drawn.size()]++;
      new HashSet<>(drawn.stream().map(Drawn::operation).toList())
          .forEach(operation -> pictures.merge(operation, 1, Integer::sum));
      for (Drawn one : drawn) {
        all++;
        bicubic += one.interpolation() == Interpolation.BICUBIC ? 1 : 0;
        if (one.operation() == ImageOperation.ROTATE) {
          rotations++;
          negative += one.argument() < 0 ? 1 : 0;
          sum += Math.abs(one.argument());
          squares += one.argument() * one.argument();
        }
      }
    }
    // Two samples of 20,000 with shares of a quarter to a half are five deviations apart at most.
    JsonValue perImage = empirical.get("applied_per_image");
    for (int count = 0; count < 3; count++) {
      assertThat((double) applied[count] / PICTURES)
          .isCloseTo(perImage.get(String.valueOf(count)).number(), within(0.025));
    }
    JsonValue frequencies = empirical.get("op_frequency_per_image");
    for (ImageOperation operation : augment.operations()) {
      assertThat((double) pictures.get(operation) / PICTURES)
          .as(operation.timmName())
          .isCloseTo(frequencies.get(operation.timmName()).number(), within(0.0125));
    }
    double mean = sum / rotations;
    assertThat(mean).isCloseTo(empirical.get("rotate_abs_mean").number(), within(0.3));
    assertThat(Math.sqrt(squares / rotations - mean * mean))
        .isCloseTo(empirical.get("rotate_abs_std").number(), within(0.2));
    assertThat((double) negative / rotations).isCloseTo(0.5, within(0.07));
    assertThat((double) bicubic / all).isCloseTo(0.5, within(0.02));
  }

  /** Whole runs of timm's RandAugment: what was drawn, and the picture that came out. */
  @TestFactory
  Stream<DynamicTest> repeatsRecordedRuns() {
    Path folder = Reference.of("augmentation/ops");
    return reference().get("recorded_runs").list().stream()
        .map(
            run ->
                DynamicTest.dynamicTest(
                    run.get("output").text(),
                    () -> {
                      Path output = folder.resolve(run.get("output").text());
                      assumeTrue(Files.exists(output), output + " is not among the fixtures");
                      RgbImage image = ImageDecoder.decode(folder.resolve(run.get("input").text()));
                      for (JsonValue applied : run.get("applied").list()) {
                        image = drawn(applied).apply(image, RandomStream.of(1));
                      }
                      assertThat(image).isEqualTo(ImageDecoder.decode(output));
                    }));
  }

  private static Drawn drawn(JsonValue applied) {
    double[] arguments = applied.get("args").numbers();
    return new Drawn(
        ImageOperation.ofTimmName(applied.get("op").text()),
        arguments.length == 0 ? 0 : arguments[0],
        applied
            .find("resample")
            .map(word -> Interpolation.ofWord(word.text()))
            .orElse(Interpolation.BILINEAR));
  }

  @Test
  void weightedOperationsAreDrawnOnceEach() {
    RandAugment augment = parse("rand-p1-n13-w0");

    for (int i = 0; i < 100; i++) {
      assertThat(augment.draw(RandomStream.of(1, i)).stream().map(Drawn::operation))
          .doesNotHaveDuplicates()
          .doesNotContain(ImageOperation.INVERT, ImageOperation.POSTERIZE)
          .hasSize(13);
    }
  }

  @Test
  void autoAugmentHasItsPairs() {
    for (String name : List.of("original", "originalr", "v0", "v0r")) {
      List<List<DrawnOperation>> policy =
          AutoAugment.parse(name + "-mstd0.5", Optional.empty()).policy();
      assertThat(policy).hasSize(25).allSatisfy(pair -> assertThat(pair).hasSize(2));
    }
    assertThatThrownBy(() -> AutoAugment.parse("v1", Optional.empty()))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--aa is v1");
  }
}
