package io.github.condensenet4j.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        assertThat(ImageDecoder.decode(name, cut)).isNotNull();
      } catch (InvalidFileException e) {
        assertThat(e.getMessage()).startsWith(name + ": ").doesNotContain("\n", "null");
      }
    }
  }
}
