package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import java.io.DataInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataIndex;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Any dataset of this package as DataVec records, for pipelines of others: an array {@code [1, C,
 * H, W]} as evaluation sees the image, and its class.
 *
 * <p>The dataset is opened already; a split to initialise with is neither needed nor looked at.
 */
public final class LabeledImagesRecordReader extends BaseRecordReader {

  private final transient LabeledImages images;
  private transient Configuration configuration;
  private int position;

  /** Creates a reader of all {@code images}, in their order. */
  public LabeledImagesRecordReader(LabeledImages images) {
    this.images = images;
  }

  @Override
  public void initialize(InputSplit split) {
    position = 0;
  }

  @Override
  public void initialize(Configuration newConfiguration, InputSplit split) {
    configuration = newConfiguration;
    position = 0;
  }

  @Override
  public boolean hasNext() {
    return position < images.size();
  }

  /**
   * Returns the next image and its class.
   *
   * @throws io.github.condensenet4j.core.InvalidFileException if it cannot be read; the one after
   *     it can be asked for
   */
  @Override
  public List<Writable> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + images.size() + " images have been read");
    }
    return read(position++);
  }

  private List<Writable> read(int index) {
    float[] values = new float[images.values()];
    images.read(index, values, 0);
    INDArray array =
        Nd4j.createFromArray(values)
            .reshape('c', 1, images.channels(), images.height(), images.width());
    List<Writable> record = new ArrayList<>(2);
    record.add(new NDArrayWritable(array));
    record.add(new IntWritable(images.label(index)));
    return record;
  }

  @Override
  public Record nextRecord() {
    int index = position;
    return new org.datavec.api.records.impl.Record(next(), metaData(index));
  }

  private static RecordMetaData metaData(int index) {
    return new RecordMetaDataIndex(index, null, LabeledImagesRecordReader.class);
  }

  @Override
  public Record loadFromMetaData(RecordMetaData metaData) {
    if (!(metaData instanceof RecordMetaDataIndex index)) {
      throw new InvalidOptionException("metadata of a record", "an index", metaData);
    }
    return new org.datavec.api.records.impl.Record(
        read(Math.toIntExact(index.getIndex())), metaData);
  }

  @Override
  public List<Record> loadFromMetaData(List<RecordMetaData> metaData) {
    List<Record> records = new ArrayList<>();
    for (RecordMetaData one : metaData) {
      records.add(loadFromMetaData(one));
    }
    return records;
  }

  @Override
  public List<String> getLabels() {
    return images.classNames();
  }

  @Override
  public void reset() {
    position = 0;
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  /** Not possible: a dataset, not a stream, says what an image is. */
  @Override
  public List<Writable> record(URI uri, DataInputStream stream) {
    throw new UnsupportedOperationException("records come from a dataset, not from streams");
  }

  @Override
  public void setConf(Configuration newConfiguration) {
    configuration = newConfiguration;
  }

  @Override
  public Configuration getConf() {
    return configuration;
  }

  @Override
  public void close() {
    // The dataset is not this reader's own.
  }
}
