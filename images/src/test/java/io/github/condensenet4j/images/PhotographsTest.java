package io.github.condensenet4j.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.numpy.NpyFile;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds decoding and preprocessing against the reference's on real photographs: equal to the bit.
 */
class PhotographsTest {

  @Test
  void decodesPhotographsOfImageNetAsPillow() {
    Path folder = Reference.data("imagenet-mini");
    for (JsonValue image : JsonValue.read(folder.resolve("manifest.json")).get("images").list()) {
      RgbImage decoded = ImageDecoder.decode(folder.resolve(image.get("paths").texts().get(0)));
      assertThat(sha1(decoded))
          .as(image.get("file").text())
          .isEqualTo(image.get("rgb_sha1").text());
    }
  }

  @Test
  void decodesPartsAsTheyAreInTheWhole() throws IOException {
    Path folder = Reference.data("imagenet-mini");
    for (JsonValue image : JsonValue.read(folder.resolve("manifest.json")).get("images").list()) {
      byte[] file = Files.readAllBytes(folder.resolve(image.get("paths").texts().get(0)));
      RgbImage whole = ImageDecoder.decode("whole", file);
      for (PictureRegion part : ImageDecoderTest.parts(whole)) {
        assertThat(ImageDecoder.decode("part", file, part))
            .isEqualTo(whole.crop(part.left(), part.top(), part.width(), part.height()));
      }
      EvaluationPreprocessor preprocessor =
          new EvaluationPreprocessor(Preprocessing.imageNet(224, Interpolation.BICUBIC));
      for (EvaluationView view : EvaluationView.values()) {
        assertThat(
                preprocessor.square(
                    new PictureSize(whole.width(), whole.height()),
                    part -> ImageDecoder.decode("part", file, part),
                    view))
            .isEqualTo(preprocessor.square(whole, view));
      }
    }
  }

  @Test
  void decodesPhotographsOfCellsAsPillow() throws IOException {
    Path folder = Reference.data("bccd/images");
    List<String> sums;
    try (InputStream in = PhotographsTest.class.getResourceAsStream("bccd.sha1")) {
      sums = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
    for (String line : sums) {
      String[] parts = line.split(" ", 2);
      assertThat(sha1(ImageDecoder.decode(folder.resolve(parts[1]))))
          .as(parts[1])
          .isEqualTo(parts[0]);
    }
  }

  private static String sha1(RgbImage image) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-1").digest(image.samples());
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void preprocessesForEvaluationAsTheOfficialScripts() {
    Path folder = Reference.of("augmentation/preprocess");
    JsonValue manifest = JsonValue.read(folder.resolve("preprocess.json"));
    List<Double> mean = numbers(manifest.get("mean"));
    List<Double> std = numbers(manifest.get("std"));
    for (JsonValue entry : manifest.get("images").list()) {
      RgbImage photograph = ImageDecoder.decode(folder.resolve(entry.get("jpeg").text()));
      assertThat(photograph)
          .isEqualTo(ImageDecoder.decode(folder.resolve(entry.get("decoded").text())));
      for (String word : entry.get("outputs").keys()) {
        JsonValue output = entry.get("outputs").get(word);
        EvaluationPreprocessor preprocessor =
            new EvaluationPreprocessor(
                new Preprocessing(mean, std, 224, 0.875, Interpolation.ofWord(word)));
        assertThat(preprocessor.square(photograph))
            .as(output.toString())
            .isEqualTo(ImageDecoder.decode(folder.resolve(output.get("crop_png").text())));
        output
            .find("normalised")
            .map(file -> NpyFile.read(folder.resolve(file.text())).toFloats())
            .ifPresent(expected -> assertThat(preprocessor.apply(photograph)).isEqualTo(expected));
      }
    }
  }

  @Test
  void resizesRandomCropsAsTheReference() {
    Path folder = Reference.of("augmentation/preprocess");
    JsonValue manifest = JsonValue.read(folder.resolve("preprocess.json"));
    for (JsonValue crop : manifest.get("resized_crops").list()) {
      int[] size = crop.get("size_hw").integers();
      RgbImage cropped =
          ImageDecoder.decode(folder.resolve(crop.get("input").text()))
              .crop(
                  crop.get("j_left").integer(),
                  crop.get("i_top").integer(),
                  crop.get("w").integer(),
                  crop.get("h").integer());
      Interpolation interpolation = Interpolation.ofWord(crop.get("interpolation").text());
      assertThat(Resizer.resize(cropped, size[1], size[0], interpolation))
          .isEqualTo(ImageDecoder.decode(folder.resolve(crop.get("output").text())));
    }
  }

  @Test
  void cutsTheSquaresOfAllPhotographsAsTorchvision() {
    Path folder = Reference.data("imagenet-mini");
    JsonValue golden = JsonValue.read(folder.resolve("manifest.json")).get("golden");
    Tensor expected = NpyFile.read(folder.resolve(golden.get("file").text()));
    byte[] bytes = expected.toBytes();
    int length = expected.size() / expected.size(0);
    EvaluationPreprocessor preprocessor =
        new EvaluationPreprocessor(
            Preprocessing.imageNet(expected.size(1), Interpolation.BILINEAR));
    for (JsonValue image : golden.get("images").list()) {
      String file = image.get("file").text();
      String group = file.substring(0, file.indexOf('_'));
      RgbImage square =
          preprocessor.square(
              ImageDecoder.decode(folder.resolve("val").resolve(group).resolve(file)));
      int index = image.get("index").integer();
      assertThat(square.samples())
          .as(file)
          .isEqualTo(Arrays.copyOfRange(bytes, index * length, (index + 1) * length));
    }
  }

  private static List<Double> numbers(JsonValue list) {
    return Arrays.stream(list.numbers()).boxed().toList();
  }
}
