package io.github.condensenet4j.layers.fused;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArenaTest {

  /** Some rows fill a chunk, and none fills it exactly. */
  private static final int LENGTH = 300_007;

  private final Arena arena = new Arena(64);

  @Test
  void rowsLieBesideEachOther() {
    List<FeatureRow> rows = filled(20);

    for (int i = 0; i < rows.size(); i++) {
      assertHolds(rows.get(i), i);
    }
  }

  @Test
  void whatIsGivenBackServesOthersAndLaterRowsStay() {
    filled(13);
    int from = arena.mark();
    List<FeatureRow> passing = filled(10);
    int to = arena.mark();
    List<FeatureRow> later = filled(5);

    arena.giveBack(from, to);
    Arena other = new Arena(64);
    Set<float[]> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 10; i++) {
      FeatureRow row = other.take(LENGTH);
      Arrays.fill(row.array, row.at, row.at + LENGTH, -1);
      taken.add(row.array);
    }

    assertThat(passing).anyMatch(row -> taken.contains(row.array));
    for (int i = 0; i < later.size(); i++) {
      assertHolds(later.get(i), i);
    }
    arena.release(from);
    assertHolds(filled(3).get(2), 2);
    other.release(0);
    arena.release(0);
  }

  @Test
  void givesTheLastRowsBackWhole() {
    int from = arena.mark();
    FeatureRow first = arena.take(LENGTH);

    arena.giveBack(from, arena.mark());

    assertThat(arena.mark()).isEqualTo(from);
    assertThat(arena.take(LENGTH).array).isSameAs(first.array);
    arena.release(0);
  }

  @Test
  void aRowLargerThanAChunkHasOneOfItsOwn() {
    FeatureRow large = arena.take(3_000_000);

    assertThat(large.array.length).isBetween(3_000_000, 3_000_200);
    arena.release(0);
  }

  private List<FeatureRow> filled(int count) {
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FeatureRow row = arena.take(LENGTH);
      Arrays.fill(row.array, row.at, row.at + LENGTH, i);
      rows.add(row);
    }
    return rows;
  }

  private static void assertHolds(FeatureRow row, float value) {
    for (int i = 0; i < LENGTH; i++) {
      if (row.array[row.at + i] != value) {
        assertThat(row.array[row.at + i]).isEqualTo(value);
      }
    }
  }
}
