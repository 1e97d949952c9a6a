package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCheckTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void namesEveryImageThatCannotBeReadWhateverTheThreads(int threads) {
    TinyImages images = new TinyImages(1000, Set.of(0, 17, 999));

    assertThat(ImageCheck.unreadable(images, threads))
        .containsOnlyKeys(0, 17, 999)
        .hasEntrySatisfying(17, problem -> assertThat(problem).isEqualTo("image 17: is broken"));
  }

  @Test
  void refusesToWorkWithoutThreads() {
    assertThatThrownBy(() -> ImageCheck.unreadable(new TinyImages(1, Set.of()), 0))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("-j is 0, 1 or more expected");
  }
}
