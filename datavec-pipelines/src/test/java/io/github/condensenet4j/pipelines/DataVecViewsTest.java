package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.images.RgbImage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bytedeco.javacv.Frame;
import org.datavec.api.records.Record;
import org.datavec.image.data.ImageWritable;
import org.deeplearning4j.datasets.datavec.RecordReaderDataSetIterator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class DataVecViewsTest {

  @Test
  void recordsFeedTheIteratorsOfDl4j() {
    LabeledImagesRecordReader reader = new LabeledImagesRecordReader(new TinyImages(5, Set.of()));
    RecordReaderDataSetIterator iterator = new RecordReaderDataSetIterator(reader, 2, 1, 2);
    DataSet batch = iterator.next();
    assertThat(batch.getFeatures().shape()).containsExactly(2, 1, 1, 2);
    assertThat(batch.getFeatures().dup().data().asFloat()).containsExactly(0, 0, 1, 1);
    assertThat(batch.getLabels().toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 0}, {0, 1}});
    iterator.next();
    assertThat(iterator.next().numExamples()).isEqualTo(1);
    assertThat(iterator.hasNext()).isFalse();
  }

  @Test
  void recordsAreFoundAgainByTheirMetadata() {
    LabeledImagesRecordReader reader = new LabeledImagesRecordReader(new TinyImages(5, Set.of()));
    reader.next();
    Record second = reader.nextRecord();
    assertThat(reader.loadFromMetaData(List.of(second.getMetaData())).get(0).getRecord())
        .isEqualTo(second.getRecord());
    assertThat(second.getRecord().get(1).toInt()).isEqualTo(1);
    assertThat(reader.getLabels()).containsExactly("even", "odd");
  }

  @Test
  void transformsChangeFramesAsTheAugmentationChangesImages() {
    byte[] samples = new byte[3 * 5 * 4];
    Frame frame = new Frame(5, 4, Frame.DEPTH_UBYTE, 3);
    ByteBuffer buffer = (ByteBuffer) frame.image[0];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * 7);
      int pixel = i / 3;
      // Frames hold blue first.
      buffer.put(pixel / 5 * frame.imageStride + 3 * (pixel % 5) + 2 - i % 3, samples[i]);
    }
    PadCropFlip augmentation = new PadCropFlip(2);
    RgbImage expected =
        augmentation.apply(new RgbImage(5, 4, samples), RandomStream.of(new Random(3).nextLong()));
    Frame changed =
        new AugmentationTransform(augmentation, new Random(3))
            .transform(new ImageWritable(frame))
            .getFrame();
    assertThat(changed.imageWidth).isEqualTo(5);
    ByteBuffer result = (ByteBuffer) changed.image[0];
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 5; x++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(result.get(y * changed.imageStride + 3 * x + 2 - channel) & 0xff)
              .isEqualTo(expected.sample(x, y, channel));
        }
      }
    }
  }
}
