package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file written by {@code torch.save}: a training checkpoint of the official code or a bare state
 * dict, in the zip or the older container, gzip'd or not.
 *
 * <p>Reading runs no Python and looks up no class; see {@link KnownGlobals} for what a file may
 * say. Everything is checked and in memory once {@link #read} returns.
 */
public final class PyTorchCheckpoint {

  private static final String PARALLEL_PREFIX = "module.";
  private static final Map<WeightsKind, String> WEIGHTS_KEYS =
      Map.of(WeightsKind.RAW, "state_dict", WeightsKind.EMA, "state_dict_ema");

  private final String source;
  private final Dictionary root;
  private final long storageBytes;

  private PyTorchCheckpoint(String source, Dictionary root, long storageBytes) {
    this.source = source;
    this.root = root;
    this.storageBytes = storageBytes;
  }

  /**
   * Reads {@code file}.
   *
   * @throws InvalidFileException if it is missing, no checkpoint, damaged or hostile
   */
  public static PyTorchCheckpoint read(Path file) {
    byte[] start = start(file);
    if (!startsWith(start, 0, 0x1f, 0x8b)) {
      return read(file, start, file.toString());
    }
    Path unpacked = GzipFile.unpacked(file);
    try {
      return read(unpacked, start(unpacked), file.toString());
    } finally {
      try {
        Files.deleteIfExists(unpacked);
      } catch (IOException e) {
        unpacked.toFile().deleteOnExit();
      }
    }
  }

  private static PyTorchCheckpoint read(Path file, byte[] start, String source) {
    StorageTable storages = new StorageTable(source);
    try {
      PythonValue root;
      if (startsWith(start, 0, 'P', 'K')) {
        root = ZipContainer.read(file, source, storages);
      } else if (startsWith(start, 0, 0x80)) {
        root = LegacyContainer.read(file, source, storages);
      } else {
        throw new InvalidFileException(source, foreign(start));
      }
      if (!(root instanceof Dictionary dictionary)) {
        throw new InvalidFileException(
            source, "holds no dictionary; save a state_dict or a checkpoint that has one");
      }
      long bytes = storages.all().stream().mapToLong(storage -> storage.bytes().length).sum();
      return new PyTorchCheckpoint(source, dictionary, bytes);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private static byte[] start(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(512);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private static boolean startsWith(byte[] bytes, int from, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (bytes.length <= from + i || (bytes[from + i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static String foreign(byte[] start) {
    if (start.length == 0) {
      return "is empty; take another copy";
    }
    if (startsWith(start, 257, 'u', 's', 't', 'a', 'r')) {
      return "is a tar archive as PyTorch wrote them until 2016; save it again with a current one";
    }
    if (new String(start, StandardCharsets.ISO_8859_1).contains("git-lfs")) {
      return "is a git-lfs pointer, not the file itself; fetch it with git lfs pull";
    }
    return "is no PyTorch checkpoint; a file written by torch.save is expected";
  }

  /** Returns everything that was saved. */
  public Dictionary root() {
    return root;
  }

  /** Tells whether there are averaged weights beside the raw ones. */
  public boolean hasEma() {
    return root.find(WEIGHTS_KEYS.get(WeightsKind.EMA)).isPresent();
  }

  /**
   * Returns the tensors of the model, without the {@code module.} that parallel training puts
   * before their names; shapes and types as saved, scalars as scalars.
   *
   * @throws InvalidFileException if there are no such weights
   */
  public StateDict stateDict(WeightsKind kind) {
    Map<String, PythonTensor> saved = new LinkedHashMap<>();
    for (Map.Entry<Object, PythonValue> entry : weights(kind).entries().entrySet()) {
      if (!(entry.getKey() instanceof String name)
          || !(entry.getValue() instanceof PythonTensor tensor)) {
        throw new InvalidFileException(
            source, "has " + entry.getKey() + " among its weights, which is no tensor with a name");
      }
      if (saved.put(withoutPrefix(name), tensor) != null) {
        throw new InvalidFileException(
            source, "has " + withoutPrefix(name) + " twice, with and without module.");
      }
    }
    return StateDict.of(tensors(saved));
  }

  private Dictionary weights(WeightsKind kind) {
    Optional<PythonValue> saved = root.find(WEIGHTS_KEYS.get(kind));
    if (saved.isPresent()) {
      if (saved.get() instanceof Dictionary weights) {
        return weights;
      }
      throw new InvalidFileException(
          source, "has " + WEIGHTS_KEYS.get(kind) + " that is no dictionary of tensors");
    }
    boolean isBare =
        !root.entries().isEmpty()
            && root.entries().values().stream().allMatch(PythonTensor.class::isInstance);
    if (kind == WeightsKind.RAW && isBare) {
      return root;
    }
    throw new InvalidFileException(
        source,
        kind == WeightsKind.EMA
            ? "has no averaged weights (state_dict_ema); choose the raw ones"
            : "has no weights: no state_dict, and not a state_dict itself");
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(PARALLEL_PREFIX) ? name.substring(PARALLEL_PREFIX.length()) : name;
  }

  /**
   * Returns the momentum of the optimiser by index of the parameter, in the order of its parameter
   * groups; empty if none was saved.
   *
   * @throws InvalidFileException if the optimiser's state is not what PyTorch's SGD saves
   */
  public Map<Integer, Tensor> momentum() {
    if (!(root.find("optimizer").orElse(null) instanceof Dictionary optimizer)) {
      return Map.of();
    }
    if (!(optimizer.find("state").orElse(null) instanceof Dictionary state)) {
      throw new InvalidFileException(source, "has an optimizer without a state");
    }
    Map<Integer, PythonTensor> momentum = new TreeMap<>();
    for (Map.Entry<Object, PythonValue> entry : state.entries().entrySet()) {
      if (!(entry.getKey() instanceof Long index)
          || index != index.intValue()
          || !(entry.getValue() instanceof Dictionary parameter)) {
        throw new InvalidFileException(source, "has an optimizer with a state of an unknown kind");
      }
      if (parameter.find("momentum_buffer").orElse(null) instanceof PythonTensor tensor) {
        momentum.put(index.intValue(), tensor);
      }
    }
    return Collections.unmodifiableMap(tensors(momentum));
  }

  /** Returns the elements of each tensor, once it is clear that memory will do for all of them. */
  private <K> Map<K, Tensor> tensors(Map<K, PythonTensor> saved) {
    long bytes = saved.values().stream().mapToLong(PythonTensor::bytes).sum();
    PythonTensor.refuseBomb(bytes, storageBytes, source);
    Map<K, Tensor> tensors = new LinkedHashMap<>();
    saved.forEach((key, tensor) -> tensors.put(key, tensor.tensor()));
    return tensors;
  }
}
