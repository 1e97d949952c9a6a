package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.Normalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An endless stream of training batches, read ahead of training.
 *
 * <p>Features are {@code [N, C, H, W]} floats, labels {@code [N, classes]}, 1 at the class, or the
 * shares of two classes where images are {@linkplain Mixup mixed}. Batch number {@code step} is a
 * function of {@code step}, the seed and the dataset: pass {@code step / batchesPerPass()} shuffles
 * all images by (seed, pass), cuts them into full batches, leaves the rest over, and changes each
 * image by (seed, pass, image). So {@link #seek} continues any run at any place with the same bits.
 *
 * <p>An image that cannot be read is skipped, counted and reported once; its place is taken by the
 * next readable image in the order of the pass, so that batches stay full.
 *
 * <p>For DL4J's loops the stream comes in epochs of {@link Builder#batchesPerEpoch}: {@link
 * #hasNext()} says no at the end of one, and {@link #next()} or {@link #reset()} goes on to the
 * next one.
 */
public final class TrainingBatches extends PrefetchedBatches {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingBatches.class);

  // What a random stream is for; a stream of one purpose must never repeat one of another.
  private static final long ORDER = 1;
  private static final long IMAGE = 2;
  private static final long ERASING = 3;
  private static final long MIXING = 4;

  private final long seed;
  private final boolean shuffled;
  private final transient Augmentation augmentation;
  private final transient Mixup mixup;
  private final transient RandomErasing erasing;
  private final transient AugmentationSplits splits;
  private final transient Optional<Normalization> greyLevels;
  private final long batchesPerPass;
  private final long batchesPerEpoch;
  private final transient Set<Integer> unreadable = ConcurrentHashMap.newKeySet();
  private transient int[] order;
  private long orderedPass = -1;
  private long position;
  private long epochEnd;

  private TrainingBatches(Builder builder) {
    super(builder.images, builder.batchSize, builder.threads);
    seed = builder.seed;
    shuffled = builder.shuffled;
    augmentation = builder.augmentation;
    mixup = builder.mixup;
    erasing = builder.erasing;
    splits = builder.splits;
    greyLevels = builder.greyLevels ? builder.images.normalization() : Optional.empty();
    batchesPerPass = builder.images.size() / builder.batchSize;
    batchesPerEpoch = builder.batchesPerEpoch == 0 ? batchesPerPass : builder.batchesPerEpoch;
    epochEnd = batchesPerEpoch;
  }

  /** Starts a description of batches of {@code images}. */
  public static Builder of(LabeledImages images) {
    return new Builder(images);
  }

  /** Returns the number of batches of one pass over all images; a last, partial one is left out. */
  public long batchesPerPass() {
    return batchesPerPass;
  }

  /** Returns the number of batches after which {@link #hasNext()} says no. */
  public long batchesPerEpoch() {
    return batchesPerEpoch;
  }

  /** Returns the number of the batch that {@link #next()} returns next, from 0 on. */
  public long position() {
    return position;
  }

  /** Makes batch number {@code step} the next one. */
  public void seek(long step) {
    if (step < 0) {
      throw new InvalidOptionException("training step", "at least 0", step);
    }
    position = step;
    epochEnd = (step / batchesPerEpoch + 1) * batchesPerEpoch;
    readFrom(step);
  }

  /** Returns the indices of the images that were met and could not be read, in order. */
  public SortedSet<Integer> unreadable() {
    return new TreeSet<>(unreadable);
  }

  /** Tells whether the epoch has more batches. */
  @Override
  public boolean hasNext() {
    return position < epochEnd;
  }

  /**
   * Returns the next batch, beyond the end of the epoch that of the next one.
   *
   * @throws io.github.condensenet4j.core.CondenseNetException if it cannot be read; the position
   *     stays
   */
  @Override
  public DataSet next() {
    DataSet batch;
    try {
      batch = take();
    } catch (RuntimeException e) {
      readFrom(position);
      throw e;
    }
    if (batch == null) {
      throw new NoSuchElementException();
    }
    if (position == epochEnd) {
      epochEnd += batchesPerEpoch;
    }
    position++;
    return batch;
  }

  /**
   * Returns all versions of the first {@code count} readable images of the first pass, as training
   * sees them before any are mixed, and what was done to them.
   *
   * @param count at most the number of images
   */
  public List<AugmentedSample> samples(int count) {
    List<AugmentedSample> samples = new ArrayList<>();
    int[] indices = orderOf(0);
    for (int place = 0; place < indices.length; place++) {
      if (samples.size() == count * splits.count()) {
        break;
      }
      try {
        for (int split = 0; split < splits.count(); split++) {
          samples.add(sample(indices[place], split));
        }
      } catch (InvalidFileException e) {
        LOG.warn("skipped: {}", e.getMessage());
      }
    }
    return samples;
  }

  private AugmentedSample sample(int index, int split) {
    List<String> operations = new ArrayList<>();
    if (splits.count() > 1) {
      operations.add("version " + (split + 1) + " of " + splits.count());
    }
    float[] values = new float[images.values()];
    read(0, index, split, values, 0, operations);
    erase(0, index, split, values, 0, operations);
    return new AugmentedSample(index, values, operations);
  }

  /** Goes on to the next epoch if one has ended, else back to the start of this one. */
  @Override
  public void reset() {
    if (position == epochEnd) {
      epochEnd += batchesPerEpoch;
    } else if (position > epochEnd - batchesPerEpoch) {
      seek(epochEnd - batchesPerEpoch);
    }
  }

  @Override
  PendingBatch<?> plan(long step) {
    long pass = step / batchesPerPass;
    int first = (int) (step % batchesPerPass) * batchSize;
    int[] indices = orderOf(pass);
    int places = batchSize * splits.count();
    if (greyLevels.isPresent()) {
      return new GreyLevelBatch(
          images,
          places,
          inOrder(
              indices,
              first,
              (index, split, planes, offset) -> readGreyLevels(pass, index, split, planes, offset)),
          greyLevels.get(),
          (features, labels, present) -> change(step, pass, features, labels, present));
    }
    if (!mixup.isOn(step / batchesPerEpoch) && StreamedBatch.suits(images, places)) {
      return new StreamedBatch(
          images,
          places,
          inOrder(
              indices,
              first,
              (index, split, values, offset) -> {
                read(pass, index, split, values, offset, null);
                erase(pass, index, split, values, offset, null);
              }));
    }
    return new FloatBatch(
        images,
        places,
        inOrder(
            indices,
            first,
            (index, split, values, offset) -> read(pass, index, split, values, offset, null)),
        (values, labels, present) -> change(step, pass, values, labels, present));
  }

  /** Reads a version of an image. */
  private interface VersionReader<A> {
    void read(int index, int split, A values, int offset);
  }

  /** Returns what reads all versions of the images from place {@code first} of a pass on. */
  private <A> PendingBatch.PlaceReader<A> inOrder(
      int[] indices, int first, VersionReader<A> reader) {
    return (place, values, offset) ->
        readable(
            indices,
            first + place / splits.count(),
            index -> reader.read(index, place % splits.count(), values, offset));
  }

  /** Mixes the images of a batch, then erases parts of them. */
  private void change(long step, long pass, float[] values, float[] labels, List<Integer> present) {
    if (mixup.isOn(step / batchesPerEpoch)) {
      RandomStream random = RandomStream.of(seed, MIXING, step);
      int classes = images.classNames().size();
      mixup.apply(values, images.values(), labels, classes, present.size(), random);
    }
    for (int i = 0; i < present.size(); i++) {
      erase(pass, present.get(i), i % splits.count(), values, i * images.values(), null);
    }
  }

  /** Does the same where the batch is. */
  private void change(
      long step, long pass, INDArray features, float[] labels, List<Integer> present) {
    if (mixup.isOn(step / batchesPerEpoch)) {
      RandomStream random = RandomStream.of(seed, MIXING, step);
      mixup.apply(features, labels, images.classNames().size(), random);
    }
    for (int i = 0; i < present.size(); i++) {
      INDArray image = features.slice(i);
      erasing(pass, present.get(i), i % splits.count())
          .ifPresent(
              random ->
                  erasing.apply(
                      images.channels(),
                      images.height(),
                      images.width(),
                      random,
                      (box, patch) -> put(image, box, patch)));
    }
  }

  private static void put(INDArray image, RandomErasing.Box box, float[] patch) {
    long channels = image.size(0);
    image
        .get(
            NDArrayIndex.all(),
            NDArrayIndex.interval(box.top(), box.top() + box.height()),
            NDArrayIndex.interval(box.left(), box.left() + box.width()))
        .assign(Nd4j.createFromArray(patch).reshape('c', channels, box.height(), box.width()));
  }

  /** Erases parts of a version of an image; {@code notes} may be null. */
  private void erase(
      long pass, int index, int split, float[] values, int offset, List<String> notes) {
    erasing(pass, index, split)
        .ifPresent(
            random ->
                erasing.apply(
                    values,
                    offset,
                    images.channels(),
                    images.height(),
                    images.width(),
                    random.noting(notes)));
  }

  /** Returns where erasing parts of a version of an image draws from, if any are erased. */
  private Optional<RandomStream> erasing(long pass, int index, int split) {
    if (erasing.probability() == 0 || (split == 0 && !splits.erasesClean())) {
      return Optional.empty();
    }
    RandomStream random = RandomStream.of(seed, ERASING, pass, index);
    return Optional.of(split > 0 ? random.branch(split) : random);
  }

  private int[] orderOf(long pass) {
    if (orderedPass != pass) {
      if (shuffled) {
        order = RandomStream.of(seed, ORDER, pass).permutation(images.size());
      } else {
        order = new int[images.size()];
        Arrays.setAll(order, i -> i);
      }
      orderedPass = pass;
    }
    return order;
  }

  /**
   * Reads the first readable image from {@code place} of the pass on, around its end.
   *
   * @return which one it is
   */
  private int readable(int[] indices, int place, IntConsumer reading) {
    for (int tried = 0; tried < indices.length; tried++) {
      int index = indices[(place + tried) % indices.length];
      // Tried again each time: whether a damaged file can be read depends on the part that is
      // wanted, and a batch on its number alone.
      try {
        reading.accept(index);
        return index;
      } catch (InvalidFileException e) {
        if (unreadable.add(index)) {
          LOG.warn("skipped: {}", e.getMessage());
        }
      }
    }
    throw new InvalidFileException(
        images.name(0), "none of the " + indices.length + " images can be read");
  }

  private void readGreyLevels(long pass, int index, int split, byte[] planes, int offset) {
    images.readGreyLevels(
        index,
        splits.version(augmentation, split),
        RandomStream.of(seed, IMAGE, pass, index),
        planes,
        offset);
  }

  /** Reads a version of an image; {@code notes} may be null. */
  private void read(
      long pass, int index, int split, float[] values, int offset, List<String> notes) {
    Augmentation version = splits.version(augmentation, split);
    if (version == Augmentation.none()) {
      images.read(index, values, offset);
    } else {
      RandomStream random = RandomStream.of(seed, IMAGE, pass, index).noting(notes);
      images.readAugmented(index, version, random, values, offset);
    }
  }

  /** Describes batches before their threads start. */
  public static final class Builder {

    private final LabeledImages images;
    private int batchSize = 64;
    private long seed;
    private boolean shuffled = true;
    private Augmentation augmentation = Augmentation.none();
    private Mixup mixup = Mixup.NONE;
    private RandomErasing erasing = RandomErasing.NONE;
    private AugmentationSplits splits = AugmentationSplits.NONE;
    private boolean greyLevels;
    private int threads = 1;
    private long batchesPerEpoch;

    private Builder(LabeledImages images) {
      this.images = images;
    }

    /** Sets the number of images in a batch; 64 unless set. */
    public Builder batchSize(int newBatchSize) {
      batchSize = newBatchSize;
      return this;
    }

    /** Sets the seed of order and augmentation; 0 unless set. */
    public Builder seed(long newSeed) {
      seed = newSeed;
      return this;
    }

    /**
     * Sets whether each pass has an order of its own; else every pass is in the dataset's order.
     */
    public Builder shuffled(boolean newShuffled) {
      shuffled = newShuffled;
      return this;
    }

    /** Sets the augmentation; none unless set. */
    public Builder augmentation(Augmentation newAugmentation) {
      augmentation = newAugmentation;
      return this;
    }

    /** Sets how the images of a batch are mixed; not at all unless set. */
    public Builder mixup(Mixup newMixup) {
      mixup = newMixup;
      return this;
    }

    /** Sets what is erased of images; nothing unless set. */
    public Builder erasing(RandomErasing newErasing) {
      erasing = newErasing;
      return this;
    }

    /**
     * Sets how many versions of each image there are, one unless set; batches have as many times
     * more images, the versions of one next to each other.
     */
    public Builder splits(AugmentationSplits newSplits) {
      splits = newSplits;
      return this;
    }

    /**
     * Sets whether images are grey levels, a byte each, up to the device, which normalises, mixes
     * and erases; not so unless set. That is for devices with memory of their own, to which a
     * quarter is carried; where the device is the processor, the reading threads do it sooner.
     * Images that are no grey levels are left as they are.
     */
    public Builder greyLevels(boolean newGreyLevels) {
      greyLevels = newGreyLevels;
      return this;
    }

    /** Sets the number of threads that read; 1 unless set. The batches do not depend on it. */
    public Builder threads(int newThreads) {
      threads = newThreads;
      return this;
    }

    /** Sets the number of batches of an epoch; 0, as unless set, means a pass. */
    public Builder batchesPerEpoch(long newBatchesPerEpoch) {
      batchesPerEpoch = newBatchesPerEpoch;
      return this;
    }

    /**
     * Returns the batches.
     *
     * @throws InvalidOptionException if a number is out of range or a batch larger than the dataset
     */
    public TrainingBatches build() {
      if (batchSize > images.size()) {
        throw new InvalidOptionException(
            "batch size", "at most the number of training images, " + images.size(), batchSize);
      }
      if (batchesPerEpoch < 0) {
        throw new InvalidOptionException("batches per epoch", "at least 1", batchesPerEpoch);
      }
      if (splits.count() > 1 && mixup.isOn(0)) {
        throw new InvalidOptionException("give --mixup or --aug-splits, not both");
      }
      return new TrainingBatches(this);
    }
  }
}
