package io.github.condensenet4j.pipelines;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A batch of which nothing is done to more than one image at a time: each goes to ND4J's memory
 * while it is still in the cache, where a batch of {@link FloatBatch} goes through memory twice
 * more.
 */
final class StreamedBatch extends PendingBatch<FloatBuffer> {

  /** Images of fewer numbers are copied in less time together. */
  private static final int LEAST_VALUES = 1 << 14;

  private final PlaceReader<float[]> reader;
  private BatchArrays arrays;
  private INDArray features;

  StreamedBatch(LabeledImages images, int places, PlaceReader<float[]> reader) {
    super(images, places);
    this.reader = reader;
  }

  /** Tells whether this way is open to a batch, and shorter. */
  static boolean suits(LabeledImages images, int places) {
    return images.values() >= LEAST_VALUES
        && BatchArrays.areInJavasReach()
        && (long) places * images.values() * Float.BYTES <= Integer.MAX_VALUE;
  }

  @Override
  FloatBuffer scratch(BatchArrays from, int length) {
    arrays = from;
    int count = length / images.values();
    features = from.features(count, images.channels(), images.height(), images.width());
    return features.data().asNioFloat();
  }

  @Override
  int read(int place, FloatBuffer values, int offset) {
    int length = images.values();
    float[] image = arrays.ofThisThread(length);
    int index = reader.read(place, image, 0);
    if (index != NONE) {
      try {
        values.put(offset, image, 0, length);
      } finally {
        // A buffer does not keep the array whose memory it shows.
        Reference.reachabilityFence(features);
      }
    }
    return index;
  }

  @Override
  void move(FloatBuffer read, int from, int to, int length) {
    float[] image = arrays.ofThisThread(length);
    read.get(from, image, 0, length);
    read.put(to, image, 0, length);
  }

  @Override
  INDArray features(FloatBuffer read, float[] labels, List<Integer> present, BatchArrays to) {
    if (present.size() == features.size(0)) {
      return features;
    }
    INDArray first = features.get(NDArrayIndex.interval(0, present.size())).dup('c');
    to.giveBack(features);
    return first;
  }
}
