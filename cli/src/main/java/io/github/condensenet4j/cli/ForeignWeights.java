package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.io.ZipArchive;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint;
import io.github.condensenet4j.interchange.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Tensors by their official names out of another project's file, told by its content: a PyTorch
 * checkpoint, a safetensors file or a numpy archive. None of them says which network it is.
 *
 * @param hasEma whether there are averaged weights beside the raw ones
 * @param weights returns the weights of a kind
 */
record ForeignWeights(boolean hasEma, Function<WeightsKind, StateDict> weights) {

  private static final int GZIP = 0x1f;
  private static final int PICKLE = 0x80;
  private static final int ZIP = 'P';

  private enum Format {
    PYTORCH,
    SAFETENSORS,
    NUMPY
  }

  /** Tells whether {@code file} is one of these, and not a model file. */
  static boolean isIn(Path file) {
    return formatOf(file) != null;
  }

  private static Format formatOf(Path file) {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(9);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
    int first = start.length == 0 ? -1 : start[0] & 0xff;
    if (first == ZIP) {
      try (ZipArchive archive = ZipArchive.open(file)) {
        if (archive.names().stream().anyMatch(name -> name.endsWith("/data.pkl"))) {
          return Format.PYTORCH;
        }
        boolean isNumpy =
            !archive.names().isEmpty()
                && archive.names().stream().allMatch(name -> name.endsWith(".npy"));
        return isNumpy ? Format.NUMPY : null;
      }
    }
    if (SafetensorsFile.isStart(start)) {
      return Format.SAFETENSORS;
    }
    return first == GZIP || first == PICKLE ? Format.PYTORCH : null;
  }

  /**
   * Reads {@code file}.
   *
   * @throws InvalidFileException if it is damaged, hostile, or none of these formats
   */
  static ForeignWeights read(Path file) {
    Format format = formatOf(file);
    if (format == Format.SAFETENSORS) {
      return single(file, SafetensorsFile.read(file).tensors());
    }
    if (format == Format.NUMPY) {
      return single(file, StateDict.of(NpzFile.read(file)));
    }
    PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(file);
    return new ForeignWeights(checkpoint.hasEma(), checkpoint::stateDict);
  }

  private static ForeignWeights single(Path file, StateDict weights) {
    return new ForeignWeights(
        false,
        kind -> {
          if (kind == WeightsKind.EMA) {
            throw new InvalidFileException(
                file, "has one set of weights and no averaged ones; choose the raw ones");
          }
          return weights;
        });
  }

  StateDict weights(WeightsKind kind) {
    return weights.apply(kind);
  }
}
