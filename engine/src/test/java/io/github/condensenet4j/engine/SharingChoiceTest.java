package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class SharingChoiceTest {

  private final SharingChoice choice = new SharingChoice();

  @Test
  void sharesWhereThatIsFaster() {
    images(200, image -> 100, image -> 150);

    assertThat(shared(100, image -> 100, image -> 150)).isGreaterThan(85);
  }

  @Test
  void leavesImagesToOneThreadWhereThatIsFaster() {
    images(200, image -> 150, image -> 100);

    assertThat(shared(100, image -> 150, image -> 100)).isLessThan(15);
  }

  @Test
  void anInterruptionNowAndThenDoesNotMislead() {
    LongUnaryOperator mostly100 = image -> image % 5 == 0 ? 5000 : 100;
    images(200, mostly100, image -> 150);

    assertThat(shared(100, mostly100, image -> 150)).isGreaterThan(85);
  }

  @Test
  void noticesWhenItChanges() {
    images(200, image -> 100, image -> 150);
    images(20_000, image -> 150, image -> 100);

    assertThat(shared(100, image -> 150, image -> 100)).isLessThan(15);
  }

  @Test
  void comparesSeldomWhatWasConfirmed() {
    images(40_000, image -> 150, image -> 100);

    assertThat(shared(8_000, image -> 150, image -> 100)).isLessThan(20);
  }

  private void images(int count, LongUnaryOperator sharedNanos, LongUnaryOperator aloneNanos) {
    shared(count, sharedNanos, aloneNanos);
  }

  /** Returns how many of the images were shared. */
  private int shared(int count, LongUnaryOperator sharedNanos, LongUnaryOperator aloneNanos) {
    int shared = 0;
    for (int image = 0; image < count; image++) {
      boolean isShared = choice.next();
      choice.took(isShared, (isShared ? sharedNanos : aloneNanos).applyAsLong(image));
      shared += isShared ? 1 : 0;
    }
    return shared;
  }
}
