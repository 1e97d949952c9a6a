package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.ImageFolderDataset;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.RandomErasing;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AugmentationOptionsTest {

  @TempDir private Path folder;
  private LabeledImages images;

  @BeforeEach
  void openAFolder() throws IOException {
    Files.createDirectories(folder.resolve("a"));
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, "png", folder.resolve("a/1.png").toFile());
    images = ImageFolderDataset.open(folder, Preprocessing.imageNet(8, Interpolation.BILINEAR));
  }

  private static AugmentationOptions parse(String... arguments) {
    AugmentationOptions options = new AugmentationOptions();
    new CommandLine(options).parseArgs(arguments);
    options.check();
    return options;
  }

  private String describe(String... arguments) {
    return parse(arguments).augmentation(images, true).description();
  }

  @Test
  void changesNothingMoreUnlessAsked() {
    assertThat(parse().augmentation(images, true)).isEqualTo(images.standardAugmentation());
    assertThat(parse().augmentation(images, false)).isSameAs(Augmentation.none());
    assertThat(parse("--aug", "none").augmentation(images, true)).isSameAs(Augmentation.none());
    assertThat(parse().erasing()).extracting(RandomErasing::probability).isEqualTo(0.0);
  }

  @Test
  void takesJitterOnlyWithoutAPolicyAsTimm() {
    assertThat(describe("--aa", "rand-m9-mstd0.5", "--color-jitter", "0.4"))
        .containsSubsequence("RandomResizedCropFlip", "RandAugment")
        .doesNotContain("ColorJitter");
    assertThat(describe("--color-jitter", "0.4")).endsWith("ColorJitter[strength=0.4]");
    assertThat(describe("--aa", "v0r")).contains("AutoAugment[name=v0r");
    assertThat(describe("--aa", "augmix-m5")).contains("AugMix[magnitude=5.0");
  }

  @Test
  void narrowsPartsAndInterpolation() {
    assertThat(
            describe(
                "--less-aggressive-scale-aug",
                "1",
                "--train-interpolation",
                "bicubic",
                "--aa",
                "rand"))
        .contains("minArea=0.49")
        .containsSubsequence("Optional[BICUBIC]", "Optional[BICUBIC]");
  }

  @Test
  void erasesNoiseAsTheOfficialTraining() {
    assertThat(parse("--reprob", "0.2").erasing())
        .isEqualTo(new RandomErasing(0.2, RandomErasing.Fill.PIXEL, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "--aug, wild, --aug is wild",
    "--aa, rand-x3, --aa rand-x3",
    "--aa, v2, --aa is v2",
    "--reprob, 2, --reprob is 2.0",
    "--remode, noise, --remode is noise",
    "--recount, 0, --recount is 0",
    "--color-jitter, -1, --color-jitter is -1.0",
    "--mixup, -1, --mixup is -1.0",
    "--mixup-off-epoch, -1, --mixup-off-epoch is -1",
    "--train-interpolation, nearest, --train-interpolation is nearest",
    "--less-aggressive-scale-aug, 2, --less-aggressive-scale-aug is 2"
  })
  void refusesOtherValues(String option, String value, String message) {
    assertThatThrownBy(() -> parse(option, value))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void recordsWhatIsGiven() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    parse("--aa", "rand-m9", "--reprob", "0.2").recordIn(arguments);
    assertThat(arguments)
        .containsEntry("aa", "rand-m9")
        .containsEntry("reprob", 0.2)
        .doesNotContainKey("aug");
  }
}
