package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.peer.PeerTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files by which processes get weights and images; they are removed when it is closed. */
final class TaskFiles implements AutoCloseable {

  private final Path folder;

  TaskFiles() {
    try {
      folder = Files.createTempDirectory("condensenet4j-benchmark");
    } catch (IOException e) {
      throw new CondenseNetException(
          "no folder for the weights can be made in %s: %s"
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
          e);
    }
  }

  /**
   * Writes what a process needs.
   *
   * @param images {@code [batch, 3, size, size]}; the class of image {@code i} is {@code i} modulo
   *     the number of classes
   */
  PeerTask task(
      PeerTask.Kind kind,
      ModelDescription model,
      StateDict weights,
      float[] images,
      int batch,
      int threads) {
    int size = model.architecture().imageSize();
    long[] labels = new long[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = i % model.architecture().numClasses();
    }
    NpzFile.write(weightsFile(), weights.asMap());
    PeerTask.writeBatch(
        batchFile(), Tensor.ofFloats(images, batch, 3, size, size), Tensor.ofLongs(labels, batch));
    return new PeerTask(kind, model, weightsFile(), batchFile(), threads, "");
  }

  private Path weightsFile() {
    return folder.resolve("weights.npz");
  }

  private Path batchFile() {
    return folder.resolve("batch.npz");
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(weightsFile());
      Files.deleteIfExists(batchFile());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
