package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnreadableImagesTest {

  @Test
  void areNamedAndCounted() {
    assertThat(told(List.of("a.jpg: is empty", "b.jpg: is empty")))
        .isEqualTo(
            """
            left out: a.jpg: is empty
            left out: b.jpg: is empty
            warning: 2 images could not be read; the result is without them
            """);
  }

  @Test
  void areNotMentionedWhereThereAreNone() {
    Map<String, Object> facts = new LinkedHashMap<>();

    UnreadableImages.putInto(facts, List.of());

    assertThat(facts).isEmpty();
    assertThat(told(List.of())).isEmpty();
  }

  private static String told(List<String> sentences) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    UnreadableImages.tell(sentences, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
