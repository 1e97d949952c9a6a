package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

class EvaluationBatchesTest {

  @ParameterizedTest
  @ValueSource(ints = {2, TinyImages.WIDE})
  void givesEveryImageOnceInOrderAndTheLastBatchInPart(int width) {
    TinyImages all = new TinyImages(5, width, Set.of());
    try (EvaluationBatches batches = new EvaluationBatches(all, 2, 2)) {
      for (int round = 0; round < 2; round++) {
        assertThat(images(batches)).containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
        batches.reset();
      }
      assertThat(batches.unreadable()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, TinyImages.WIDE})
  void leavesUnreadableImagesOutAndListsThem(int width) {
    TinyImages images = new TinyImages(7, width, Set.of(1, 2, 3, 6));
    try (EvaluationBatches batches = new EvaluationBatches(images, 2, 3)) {
      assertThat(images(batches)).containsExactly(List.of(0), List.of(4, 5));
      assertThat(batches.unreadable().keySet()).containsExactly(1, 2, 3, 6);
      assertThat(batches.unreadable()).containsEntry(6, "image 6: is broken");
    }
  }

  @Test
  void endsAtOnceWhenNothingCanBeRead() {
    try (EvaluationBatches batches = new EvaluationBatches(new TinyImages(2, Set.of(0, 1)), 1, 1)) {
      assertThat(batches.hasNext()).isFalse();
      assertThat(batches.unreadable()).hasSize(2);
    }
  }

  private static List<List<Integer>> images(EvaluationBatches batches) {
    List<List<Integer>> images = new ArrayList<>();
    while (batches.hasNext()) {
      DataSet batch = batches.next();
      List<Integer> indices = batch.getExampleMetaData(Integer.class);
      for (int place = 0; place < indices.size(); place++) {
        int last = batches.images.width() - 1;
        assertThat(batch.getFeatures().getInt(place, 0, 0, 0)).isEqualTo(indices.get(place));
        assertThat(batch.getFeatures().getInt(place, 0, 0, last)).isEqualTo(indices.get(place));
        assertThat(batch.getLabels().getInt(place, indices.get(place) % 2)).isEqualTo(1);
      }
      assertThat(batch.getFeatures().size(0)).isEqualTo(indices.size());
      assertThat(batch.getLabels().size(0)).isEqualTo(indices.size());
      images.add(indices);
    }
    return images;
  }
}
