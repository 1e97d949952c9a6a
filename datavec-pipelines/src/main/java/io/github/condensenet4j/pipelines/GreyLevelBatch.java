package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.images.Normalization;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A batch of grey levels, a byte each, up to the device, which normalises it and does what is to be
 * done to the batch as a whole: a quarter of the memory, and of what is carried to the device.
 */
final class GreyLevelBatch extends PendingBatch<byte[]> {

  /** Changes a batch that is on the device. */
  interface Change {

    /**
     * Changes images and labels in place.
     *
     * @param features {@code [indices.size(), channels, height, width]}, normalised
     * @param labels {@code [indices.size(), classes]}, 1 at the class
     * @param indices which images they are
     */
    void apply(INDArray features, float[] labels, List<Integer> indices);
  }

  private final PlaceReader<byte[]> reader;
  private final Change change;
  private final Normalization normalization;

  GreyLevelBatch(
      LabeledImages images,
      int places,
      PlaceReader<byte[]> reader,
      Normalization normalization,
      Change change) {
    super(images, places);
    this.reader = reader;
    this.normalization = normalization;
    this.change = change;
  }

  @Override
  int read(int place, byte[] values, int offset) {
    return reader.read(place, values, offset);
  }

  @Override
  byte[] scratch(BatchArrays from, int length) {
    return from.scratchBytes(length);
  }

  @Override
  INDArray features(byte[] read, float[] labels, List<Integer> present, BatchArrays to) {
    INDArray features =
        BatchArrays.copy(read, present.size(), images.channels(), images.height(), images.width());
    to.giveBack(read);
    return features;
  }

  @Override
  DataSet onDevice(DataSet read) {
    List<Integer> present = read.getExampleMetaData(Integer.class);
    INDArray features = normalized(read.getFeatures());
    INDArray oneHot = read.getLabels();
    float[] labels = oneHot.data().asFloat();
    change.apply(features, labels, present);
    DataSet batch = new DataSet(features, BatchArrays.copy(labels, oneHot.shape()));
    batch.setExampleMetaData(present);
    return batch;
  }

  /** Computes what the tables of {@link Normalization} hold, in the same order of operations. */
  private INDArray normalized(INDArray greyLevels) {
    INDArray floats = greyLevels.castTo(DataType.FLOAT).divi(255);
    long[] perChannel = {1, images.channels(), 1, 1};
    floats.subi(Nd4j.createFromArray(normalization.mean()).reshape(perChannel));
    return floats.divi(Nd4j.createFromArray(normalization.std()).reshape(perChannel));
  }
}
