package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.io.Sha256;
import io.github.condensenet4j.core.io.ZipArchive;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A model file: a zip archive that DL4J's {@code ModelSerializer} reads too.
 *
 * <ul>
 *   <li>{@code configuration.json} and {@code coefficients.bin}: DL4J's network and its weights
 *   <li>{@code ema.bin}: the averaged weights, if there are, in the form of the coefficients
 *   <li>{@code condensenet.json}: the {@linkplain ModelMetadata metadata}, the place of each tensor
 *       among the coefficients, and size and SHA-256 of every other entry
 *   <li>what a training run adds to continue from, such as {@code updaterState.bin}
 * </ul>
 *
 * <p>The archive's comment holds the SHA-256 of all bytes before it. Opening checks every sum, so
 * that a file in which a single byte has changed is refused, and so is one that holds {@code
 * preprocessor.bin}: DL4J would run what is serialised there. A sum tells damage, not a forger:
 * what is read is held within limits all the same. Nothing here deserialises Java objects.
 */
public final class ModelFile implements Closeable {

  static final String METADATA = "condensenet.json";
  static final String FORMAT = "condensenet4j model";
  static final int FORMAT_VERSION = 1;

  /** DL4J's names. */
  public static final String CONFIGURATION = "configuration.json";

  /** Entry of what the optimiser of a run carries from step to step. */
  public static final String UPDATER_STATE = "updaterState.bin";

  /** Entry of the normalisations of further parts of a batch, and of their optimisers. */
  public static final String SPLIT_NORMS = "splitNorms.bin";

  /** Entry of where a run stands. */
  public static final String TRAINING_STATE = "training.json";

  private static final Set<String> STATE =
      Set.of(
          "running_mean",
          "running_var",
          "num_batches_tracked",
          "_mask",
          "_count",
          "_stage",
          "index");

  static final String COEFFICIENTS = "coefficients.bin";
  static final String EMA = "ema.bin";
  private static final String PREPROCESSOR = "preprocessor.bin";

  private static final String COMMENT_PREFIX = "condensenet4j sha256 ";
  private static final int SUM_CHARACTERS = 64;
  private static final int MAX_METADATA_BYTES = 1 << 24;
  private static final int MAX_COEFFICIENTS = 1 << 28;

  private final Path path;
  private final ZipArchive archive;
  private final ModelMetadata metadata;
  private final List<TensorPlace> tensors;

  private ModelFile(
      Path path, ZipArchive archive, ModelMetadata metadata, List<TensorPlace> tensors) {
    this.path = path;
    this.archive = archive;
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /** Returns the archive's comment for the sum of all bytes before it. */
  static String comment(String sum) {
    return COMMENT_PREFIX + sum;
  }

  /**
   * Opens and checks the model at {@code path}. It stays open, as it is now even if another takes
   * its name, until it is closed.
   *
   * @throws InvalidFileException if it is missing, no model, damaged, or of a newer format
   */
  public static ModelFile read(Path path) {
    return of(path, ZipArchive.open(path));
  }

  /**
   * Checks a model file that is in memory, such as one that came off the class path.
   *
   * @param name what to call it in messages
   * @throws InvalidFileException if {@code bytes} are no model, damaged, or of a newer format
   */
  public static ModelFile of(Path name, byte[] bytes) {
    return of(name, ZipArchive.of(name, bytes));
  }

  private static ModelFile of(Path path, ZipArchive archive) {
    try {
      refuseForeign(archive, path);
      // Meanwhile, as it takes as long as the rest; what a damaged file says does not matter.
      CompletableFuture<Void> wholeFile =
          CompletableFuture.runAsync(() -> checkFileSum(archive, path));
      ModelFile file = null;
      RuntimeException failure = null;
      try {
        file = parse(archive, path);
      } catch (RuntimeException e) {
        failure = e;
      }
      await(wholeFile);
      if (failure != null) {
        throw failure;
      }
      return file;
    } catch (RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /** Waits for {@code check} and throws what it threw. */
  private static void await(CompletableFuture<Void> check) {
    try {
      check.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static ModelFile parse(ZipArchive archive, Path path) {
    String source = path + ": " + METADATA;
    JsonValue json = JsonValue.parse(archive.bytes(METADATA, MAX_METADATA_BYTES), source);
    checkVersion(json, path);
    checkEntries(archive, json.get("entries"), path);
    ModelFile file =
        new ModelFile(
            path,
            archive,
            ModelMetadata.fromJson(json, source),
            json.get("tensors").list().stream().map(TensorPlace::fromJson).toList());
    file.checkTensors();
    return file;
  }

  private static void refuseForeign(ZipArchive archive, Path path) {
    if (archive.contains(PREPROCESSOR)) {
      throw new InvalidFileException(
          path,
          "holds "
              + PREPROCESSOR
              + ", a serialised Java object that could run anything; it is not read");
    }
    if (archive.contains(METADATA)) {
      return;
    }
    if (archive.names().stream().anyMatch(name -> name.endsWith("/data.pkl"))) {
      throw new InvalidFileException(
          path, "is a PyTorch checkpoint, not a model file; import it first");
    }
    throw new InvalidFileException(
        path,
        archive.contains(CONFIGURATION)
            ? "is a Deeplearning4j model without " + METADATA + ", so what it predicts is not known"
            : "is a zip archive but no model file: it has no " + METADATA);
  }

  private static void checkFileSum(ZipArchive archive, Path path) {
    String comment = new String(archive.comment(), StandardCharsets.ISO_8859_1);
    String sum = sum(archive.beforeComment(), archive);
    if (comment.length() != COMMENT_PREFIX.length() + SUM_CHARACTERS
        || !comment.equals(comment(sum))) {
      throw new InvalidFileException(
          path,
          "does not have the sum that was written with it; the file is damaged, take another copy");
    }
  }

  private static void checkVersion(JsonValue json, Path path) {
    if (!json.get("format").text().equals(FORMAT)) {
      throw json.get("format").unexpected(FORMAT);
    }
    int version = json.get("formatVersion").integer();
    if (version != FORMAT_VERSION) {
      throw new InvalidFileException(
          path,
          "is of format version "
              + version
              + ", "
              + FORMAT_VERSION
              + " expected; read it with the version of condensenet4j that wrote it");
    }
  }

  private static void checkEntries(ZipArchive archive, JsonValue entries, Path path) {
    Set<String> expected = new HashSet<>(entries.keys());
    expected.add(METADATA);
    if (!archive.names().equals(expected)) {
      throw new InvalidFileException(
          path, "does not hold the entries that " + METADATA + " lists; take another copy");
    }
    for (String name : entries.keys()) {
      JsonValue entry = entries.get(name);
      if (archive.size(name) != entry.get("bytes").longInteger()
          || !sum(archive.stream(name), archive).equals(entry.get("sha256").text())) {
        throw new InvalidFileException(
            path,
            "entry "
                + name
                + " does not have the sum that "
                + METADATA
                + " lists; take another copy");
      }
    }
  }

  private static String sum(InputStream bytes, ZipArchive archive) {
    Sha256 sum = new Sha256();
    try (InputStream in = bytes) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        sum.update(buffer, 0, count);
      }
    } catch (IOException e) {
      throw archive.failed(e);
    }
    return sum.hex();
  }

  /** Checks that tensors lie side by side: places that overlap could claim any amount of memory. */
  private void checkTensors() {
    Set<String> names = new HashSet<>();
    long end = 0;
    for (TensorPlace place : inFileOrder()) {
      refuseImpossibleShape(place);
      if (!names.add(place.name()) || place.offset() < end || place.offset() > MAX_COEFFICIENTS) {
        throw new InvalidFileException(
            path, METADATA + " places " + place.name() + " where it cannot be");
      }
      end = place.offset() + place.size();
    }
  }

  private void refuseImpossibleShape(TensorPlace place) {
    long size = 1;
    for (int length : place.shape()) {
      // A length of zero counts as one, lest it hide others that overflow.
      size *= Math.max(length, 1);
      if (length < 0 || size > MAX_COEFFICIENTS) {
        throw new InvalidFileException(
            path, METADATA + " gives " + place.name() + " an impossible shape");
      }
    }
  }

  private List<TensorPlace> inFileOrder() {
    List<TensorPlace> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingLong(TensorPlace::offset));
    return ordered;
  }

  /** Returns what the file says about its weights. */
  public ModelMetadata metadata() {
    return metadata;
  }

  /**
   * Returns where each tensor lies among the coefficients, in the order of the state dictionary.
   */
  public List<TensorPlace> tensors() {
    return tensors;
  }

  /** Returns the names of all entries. */
  public Set<String> entries() {
    return archive.names();
  }

  /** Tells whether there are averaged weights beside the raw ones. */
  public boolean hasEma() {
    return archive.contains(EMA);
  }

  /**
   * Returns entry {@code name}.
   *
   * @throws InvalidFileException if there is none or it is larger than 1 GiB
   */
  public byte[] entry(String name) {
    return archive.bytes(name, 1 << 30);
  }

  /**
   * Returns entry {@code name} as a stream, for {@code Nd4j.read} and the like.
   *
   * @throws InvalidFileException if there is none
   */
  public InputStream stream(String name) {
    return archive.stream(name);
  }

  /**
   * Returns the averaged weights if there are, else the raw ones: what predictions are made with
   * unless told otherwise.
   */
  public WeightsKind defaultWeights() {
    return hasEma() ? WeightsKind.EMA : WeightsKind.RAW;
  }

  /**
   * Returns the weights, statistics, masks and counters under their official names, in order.
   *
   * @throws InvalidOptionException if averaged ones are asked for and there are none
   * @throws InvalidFileException if the coefficients do not fit the metadata, or are not exactly
   *     the tensors of the network
   */
  public StateDict weights(WeightsKind kind) {
    StateDict weights = storedTensors(kind);
    try {
      StateDictLayout.check(metadata.model(), weights);
    } catch (CondenseNetException e) {
      throw refusal(e);
    }
    return weights;
  }

  /** Returns {@code problem} as one of this file. */
  InvalidFileException refusal(CondenseNetException problem) {
    return new InvalidFileException(path, problem.getMessage(), problem);
  }

  /** Returns the tensors as they are listed, whatever the network. */
  StateDict storedTensors(WeightsKind kind) {
    String entry = entryOf(kind);
    Map<String, Tensor> read = new HashMap<>();
    try (InputStream in = archive.stream(entry)) {
      CoefficientArray coefficients = open(in, entry);
      for (TensorPlace place : inFileOrder()) {
        if (place.offset() + place.size() > coefficients.size()) {
          throw new InvalidFileException(
              path, METADATA + " places " + place.name() + " beyond the end of " + entry);
        }
        float[] values = new float[(int) place.size()];
        coefficients.skipTo(place.offset());
        coefficients.read(values);
        read.put(place.name(), tensor(place, values));
      }
    } catch (IOException e) {
      throw archive.failed(e);
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    tensors.forEach(place -> ordered.put(place.name(), read.get(place.name())));
    return StateDict.of(Collections.unmodifiableMap(ordered));
  }

  /**
   * Returns the velocities of stochastic gradient descent under the official names of the weights
   * that they belong to, in order; none if no run saved them, or that of another optimiser or with
   * frozen features.
   *
   * @throws InvalidFileException if they are no row of numbers
   */
  public Optional<StateDict> velocities() {
    if (!entries().contains(UPDATER_STATE)) {
      return Optional.empty();
    }
    List<TensorPlace> trained = inFileOrder().stream().filter(ModelFile::isTrained).toList();
    float[] all = array(UPDATER_STATE);
    if (all.length != trained.stream().mapToLong(TensorPlace::size).sum()) {
      return Optional.empty();
    }
    Map<String, Tensor> read = new HashMap<>();
    int from = 0;
    for (TensorPlace place : trained) {
      int to = from + (int) place.size();
      read.put(place.name(), tensor(place, Arrays.copyOfRange(all, from, to)));
      from = to;
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    tensors.stream()
        .filter(ModelFile::isTrained)
        .forEach(place -> ordered.put(place.name(), read.get(place.name())));
    return Optional.of(StateDict.of(ordered));
  }

  /** Tells whether an optimiser changes this tensor: no statistic, mask, counter or index. */
  private static boolean isTrained(TensorPlace place) {
    String last = place.name().substring(place.name().lastIndexOf('.') + 1);
    return !STATE.contains(last);
  }

  /**
   * Returns all coefficients as they stand in the file: DL4J's flattened parameters.
   *
   * @throws InvalidOptionException if averaged ones are asked for and there are none
   * @throws InvalidFileException if they are no row of numbers
   */
  public float[] coefficients(WeightsKind kind) {
    return array(entryOf(kind));
  }

  /**
   * Returns the numbers in {@code entry}, which {@link ModelFileWriter#array} wrote.
   *
   * @throws InvalidFileException if there is no such entry or it is no row of numbers
   */
  public float[] array(String entry) {
    try (InputStream in = archive.stream(entry)) {
      CoefficientArray coefficients = open(in, entry);
      float[] values = new float[(int) coefficients.size()];
      coefficients.read(values);
      return values;
    } catch (IOException e) {
      throw archive.failed(e);
    }
  }

  private String entryOf(WeightsKind kind) {
    if (kind == WeightsKind.EMA && !hasEma()) {
      throw new InvalidOptionException(path + " has no averaged weights (ema); use its raw ones");
    }
    return kind == WeightsKind.EMA ? EMA : COEFFICIENTS;
  }

  private CoefficientArray open(InputStream in, String entry) throws IOException {
    CoefficientArray array =
        CoefficientArray.open(in, archive.size(entry), path + ": entry " + entry);
    if (array.size() > MAX_COEFFICIENTS) {
      throw new InvalidFileException(path, "has " + array.size() + " coefficients, too many");
    }
    return array;
  }

  private static Tensor tensor(TensorPlace place, float[] values) {
    int[] shape = place.shape().stream().mapToInt(Integer::intValue).toArray();
    float[] ordered = place.isFortran() ? inCOrder(values, shape) : values;
    if (place.type() == ElementType.FLOAT32) {
      return Tensor.ofFloats(ordered, shape);
    }
    long[] whole = new long[ordered.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (long) ordered[i];
    }
    return Tensor.ofLongs(whole, shape);
  }

  private static float[] inCOrder(float[] fortran, int[] shape) {
    float[] ordered = new float[fortran.length];
    int[] index = new int[shape.length];
    for (int to = 0; to < ordered.length; to++) {
      int from = 0;
      for (int d = shape.length - 1; d >= 0; d--) {
        from = from * shape[d] + index[d];
      }
      ordered[to] = fortran[from];
      for (int d = shape.length - 1; d >= 0 && ++index[d] == shape[d]; d--) {
        index[d] = 0;
      }
    }
    return ordered;
  }

  @Override
  public void close() {
    archive.close();
  }
}
