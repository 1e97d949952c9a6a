package io.github.condensenet4j.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds decoding against Pillow's on the images that {@code make_decoding.py} makes. */
class ImageDecoderTest {

  private static final Map<String, byte[]> ARCHIVE = Pictures.archive("decoding.zip");

  @TempDir private Path folder;

  static Stream<String> readable() {
    return names(true);
  }

  static Stream<String> unreadable() {
    return names(false);
  }

  private static Stream<String> names(boolean readable) {
    return ARCHIVE.keySet().stream()
        .filter(name -> name.startsWith("expected/"))
        .filter(name -> ARCHIVE.get(name).length > 0 == readable)
        .map(name -> name.substring("expected/".length()));
  }

  @ParameterizedTest
  @MethodSource("readable")
  void givesTheSamplesThatPillowGives(String name) {
    RgbImage expected = Pictures.picture(ARCHIVE.get("expected/" + name));
    RgbImage image = ImageDecoder.decode(name, ARCHIVE.get("images/" + name));
    assertThat(image).hasToString(expected.toString());
    assertThat(Arrays.mismatch(image.samples(), expected.samples())).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("readable")
  void decodesPartsAsTheyAreInTheWhole(String name) {
    byte[] file = ARCHIVE.get("images/" + name);
    RgbImage whole = ImageDecoder.decode(name, file);
    for (PictureRegion part : parts(whole)) {
      assertThat(ImageDecoder.decode(name, file, part))
          .as(part.toString())
          .isEqualTo(whole.crop(part.left(), part.top(), part.width(), part.height()));
    }
  }

  /** Returns parts at all borders, and one that reaches beyond them. */
  static List<PictureRegion> parts(RgbImage whole) {
    int width = whole.width();
    int height = whole.height();
    List<PictureRegion> parts = new ArrayList<>();
    for (int left : new int[] {0, width / 3, width - 1}) {
      for (int top : new int[] {0, height / 2, height - 1}) {
        parts.add(new PictureRegion(left, top, width - left, height - top));
        parts.add(new PictureRegion(left, top, 1, 1));
        parts.add(
            new PictureRegion(
                left, top, Math.max(1, (width - left) / 2), Math.max(1, (height - top) / 3)));
      }
    }
    parts.add(new PictureRegion(-2, -1, width + 3, height + 4));
    return parts;
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void refusesWhatPillowRefusesAndNamesTheFile(String name) throws IOException {
    Path file = Files.write(folder.resolve(name), ARCHIVE.get("images/" + name));
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": ")
        .message()
        .doesNotContain("\n", "null", "Exception");
  }

  @Test
  void refusesAMissingFileAndAFolder() {
    for (Path path : new Path[] {folder.resolve("missing.jpg"), folder}) {
      assertThatThrownBy(() -> ImageDecoder.decode(path))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageStartingWith(path + ": ");
    }
  }

  /** Whatever bytes are flipped, an image or a one-line error comes out. */
  @ParameterizedTest
  @MethodSource("readable")
  void survivesDamage(String name) {
    byte[] bytes = ARCHIVE.get("images/" + name);
    for (int round = 0; round < 60; round++) {
      byte[] damaged = bytes.clone();
      int at = Math.floorMod(round * 7919 + round * round * 31, Math.min(bytes.length, 400));
      damaged[at] ^= (byte) (1 << (round % 8));
      byte[] cut = round % 3 == 0 ? Arrays.copyOf(damaged, bytes.length - at) : damaged;
      try {
        RgbImage whole = ImageDecoder.decode(name, cut);
        PictureRegion part =
            new PictureRegion(0, 0, (whole.width() + 1) / 2, (whole.height() + 2) / 3);
        // Damage behind the part is not noticed, but what is read is the same.
        assertThat(ImageDecoder.decode(name, cut, part))
            .isEqualTo(whole.crop(0, 0, part.width(), part.height()));
      } catch (InvalidFileException e) {
        assertThat(e.getMessage()).startsWith(name + ": ").doesNotContain("\n", "null");
      }
    }
  }
}
