package io.github.condensenet4j.pipelines;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A batch that is normalised while it is read, and changed as a whole in Java's memory. */
final class FloatBatch extends PendingBatch<float[]> {

  /** Changes a batch that has been read as a whole. */
  interface Change {

    /** Leaves batches as they are. */
    Change NONE = (values, labels, indices) -> {};

    /**
     * Changes images and labels in place.
     *
     * @param values {@code [indices.size(), channels, height, width]}
     * @param labels {@code [indices.size(), classes]}, 1 at the class
     * @param indices which images they are
     */
    void apply(float[] values, float[] labels, List<Integer> indices);
  }

  private final PlaceReader<float[]> reader;
  private final Change change;

  FloatBatch(LabeledImages images, int places, PlaceReader<float[]> reader, Change change) {
    super(images, places);
    this.reader = reader;
    this.change = change;
  }

  @Override
  int read(int place, float[] values, int offset) {
    return reader.read(place, values, offset);
  }

  @Override
  float[] scratch(BatchArrays from, int length) {
    return from.scratch(length);
  }

  @Override
  INDArray features(float[] read, float[] labels, List<Integer> present, BatchArrays to) {
    change.apply(read, labels, present);
    INDArray features =
        to.features(read, present.size(), images.channels(), images.height(), images.width());
    to.giveBack(read);
    return features;
  }
}
