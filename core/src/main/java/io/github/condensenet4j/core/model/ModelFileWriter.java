package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.FileWriteException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.ZipWriter;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what a {@link ModelFile} is to hold and writes it: atomically, and the same content
 * always as the same bytes.
 *
 * <p>The arrays that are handed over are not copied, and must not change before {@link #write}.
 */
public final class ModelFileWriter {

  private final ModelMetadata metadata;
  private final Map<String, AtomicFile.Content> entries = new LinkedHashMap<>();
  private List<TensorPlace> tensors = List.of();

  /** Creates a writer of a model that {@code metadata} describes. */
  public ModelFileWriter(ModelMetadata metadata) {
    this.metadata = metadata;
  }

  /** Adds DL4J's JSON of the network, without which DL4J cannot read the file. */
  public ModelFileWriter configuration(String json) {
    return entry(ModelFile.CONFIGURATION, json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds weights as DL4J's flattened parameters.
   *
   * @param flat all of them; counters and indices are held as floats
   */
  public ModelFileWriter coefficients(WeightsKind kind, float[] flat) {
    String name = kind == WeightsKind.EMA ? ModelFile.EMA : ModelFile.COEFFICIENTS;
    return array(name, flat);
  }

  /** Adds another row of numbers, such as the optimiser's state, as ND4J writes arrays. */
  public ModelFileWriter array(String name, float[] flat) {
    return entry(name, out -> CoefficientArray.write(out, flat));
  }

  /** Says where each tensor lies among the coefficients, in the order of the state dictionary. */
  public ModelFileWriter tensors(List<TensorPlace> places) {
    tensors = List.copyOf(places);
    return this;
  }

  /**
   * Adds weights by name, laid side by side in their order; for files that DL4J need not read.
   * Averaged weights must have the names and shapes of the raw ones.
   */
  public ModelFileWriter weights(WeightsKind kind, StateDict weights) {
    List<TensorPlace> places = new ArrayList<>();
    int size = 0;
    for (Map.Entry<String, Tensor> entry : weights.asMap().entrySet()) {
      Tensor tensor = entry.getValue();
      List<Integer> shape = Arrays.stream(tensor.shape()).boxed().toList();
      ElementType type = tensor.type().isFloat() ? ElementType.FLOAT32 : ElementType.INT64;
      places.add(new TensorPlace(entry.getKey(), shape, type, false, size));
      size = Math.addExact(size, tensor.size());
    }
    if (!tensors.isEmpty() && !tensors.equals(places)) {
      throw new IllegalArgumentException(
          "the averaged weights have other tensors than the raw ones");
    }
    float[] flat = new float[size];
    for (TensorPlace place : places) {
      float[] values = weights.get(place.name()).toFloats();
      System.arraycopy(values, 0, flat, (int) place.offset(), values.length);
    }
    return tensors(places).coefficients(kind, flat);
  }

  /** Adds another entry, such as what training continues from. */
  public ModelFileWriter entry(String name, byte[] bytes) {
    return entry(name, out -> out.write(bytes));
  }

  /**
   * Adds another entry.
   *
   * @param content called twice, and must write the same bytes both times
   */
  public ModelFileWriter entry(String name, AtomicFile.Content content) {
    if (name.equals(ModelFile.METADATA) || entries.put(name, content) != null) {
      throw new IllegalArgumentException("a second entry " + name);
    }
    return this;
  }

  /**
   * Writes the model to {@code path}, in the place of what is there.
   *
   * @throws FileWriteException if that fails; what was there is unchanged then
   */
  public void write(Path path) {
    if (!entries.containsKey(ModelFile.COEFFICIENTS) || tensors.isEmpty()) {
      throw new IllegalStateException("a model file needs raw weights and their places");
    }
    AtomicFile.write(path, this::writeTo);
  }

  private void writeTo(OutputStream out) throws IOException {
    ZipWriter zip = new ZipWriter(out);
    Map<String, Object> sums = new LinkedHashMap<>();
    for (Map.Entry<String, AtomicFile.Content> entry : entries.entrySet()) {
      ZipWriter.Sum sum = zip.entry(entry.getKey(), entry.getValue());
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("bytes", sum.bytes());
      members.put("sha256", sum.sha256());
      sums.put(entry.getKey(), members);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", ModelFile.FORMAT);
    json.put("formatVersion", ModelFile.FORMAT_VERSION);
    json.putAll(metadata.toJson());
    json.put("tensors", tensors.stream().map(TensorPlace::toJson).toList());
    json.put("entries", sums);
    zip.entry(ModelFile.METADATA, JsonValue.of(json).pretty().getBytes(StandardCharsets.UTF_8));
    zip.finish(ModelFile::comment);
  }
}
