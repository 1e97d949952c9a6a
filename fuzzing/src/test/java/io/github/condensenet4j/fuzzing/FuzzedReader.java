package io.github.condensenet4j.fuzzing;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.io.ZipWriter;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.ModelFileWriter;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.numpy.NpyFile;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint;
import io.github.condensenet4j.interchange.safetensors.SafetensorsFile;
import io.github.condensenet4j.pipelines.CifarDataset;
import io.github.condensenet4j.pipelines.CifarFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The readers of foreign files, each with good files to begin with. */
enum FuzzedReader {
  /** Zip archives and the older pickles in a row. */
  PYTORCH {
    @Override
    void read(byte[] bytes) throws IOException {
      PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(scratch(bytes));
      checkpoint.stateDict(WeightsKind.RAW);
      checkpoint.momentum();
    }

    @Override
    List<byte[]> seeds() throws IOException {
      List<byte[]> seeds = new ArrayList<>();
      for (String name :
          List.of("tricky_tensors.pth", "tricky_tensors_legacy.pth", "pickle_protocol4.pth")) {
        seeds.add(Files.readAllBytes(Reference.of("checkpoints/" + name)));
      }
      return seeds;
    }
  },

  /** Zip archives that should be model files. */
  MODEL {
    @Override
    void read(byte[] bytes) {
      readModel(bytes);
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return List.of(Files.readAllBytes(writeModel(scratchFile())));
    }
  },

  /** What a model file says of its weights, in an archive whose sums are right. */
  MODEL_METADATA {
    @Override
    void read(byte[] bytes) throws IOException {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      ZipWriter zip = new ZipWriter(archive);
      zip.entry("coefficients.bin", coefficients());
      zip.entry("condensenet.json", bytes);
      zip.finish(sum -> "condensenet4j sha256 " + sum);
      readModel(archive.toByteArray());
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return List.of(entry("condensenet.json"));
    }
  },

  /** Tensors behind a header of JSON. */
  SAFETENSORS {
    @Override
    void read(byte[] bytes) throws IOException {
      SafetensorsFile.read(scratch(bytes));
    }

    @Override
    List<byte[]> seeds() throws IOException {
      StateDict tensors =
          StateDict.of(
              Map.of("a", Tensor.ofFloats(new float[6], 2, 3), "b", Tensor.ofLongs(new long[1])));
      new SafetensorsFile(Map.of("format", "pt"), tensors).write(scratchFile());
      return List.of(Files.readAllBytes(scratchFile()));
    }
  },

  /** One array of numpy's. */
  NUMPY {
    @Override
    void read(byte[] bytes) throws IOException {
      NpyFile.read(scratch(bytes));
    }

    @Override
    List<byte[]> seeds() throws IOException {
      NpyFile.write(scratchFile(), Tensor.ofDoubles(new double[6], 2, 3));
      return List.of(Files.readAllBytes(scratchFile()));
    }
  },

  /** Archives of numpy's. */
  NUMPY_ARCHIVE {
    @Override
    void read(byte[] bytes) throws IOException {
      NpzFile.read(scratch(bytes));
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return List.of(Files.readAllBytes(Reference.of("layers/shuffle.npz")));
    }
  },

  /** CIFAR's records. */
  CIFAR {
    @Override
    void read(byte[] bytes) throws IOException {
      CifarFormat format =
          bytes.length % CIFAR100_RECORD == 0 ? CifarFormat.CIFAR100 : CifarFormat.CIFAR10;
      Normalization none = Normalization.of(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
      CifarDataset images = CifarDataset.test(scratch(bytes), format, none);
      for (int i = 0; i < images.size(); i++) {
        images.image(i);
        images.label(i);
      }
    }

    @Override
    List<byte[]> seeds() {
      return List.of(new byte[3 * CIFAR10_RECORD], new byte[2 * CIFAR100_RECORD]);
    }
  },

  /** JPEG, PNG, GIF, BMP and PNM, by their first bytes. */
  IMAGE {
    @Override
    void read(byte[] bytes) {
      ImageDecoder.decode("image", bytes);
    }

    @Override
    List<byte[]> seeds() throws IOException {
      Path archive =
          Reference.repository()
              .resolve("images/src/test/resources/io/github/condensenet4j/images/decoding.zip");
      Map<String, byte[]> entries = new TreeMap<>();
      try (InputStream in = Files.newInputStream(archive);
          ZipInputStream zip = new ZipInputStream(in)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          entries.put(entry.getName(), zip.readAllBytes());
        }
      }
      // An image that nothing is expected of is a broken one.
      return entries.keySet().stream()
          .filter(name -> name.startsWith("images/"))
          .filter(name -> entries.get(name.replace("images/", "expected/")).length > 0)
          .map(entries::get)
          .toList();
    }
  };

  private static final int CIFAR10_RECORD = 3073;
  private static final int CIFAR100_RECORD = 3074;

  private static Path scratchFile;
  private static byte[] coefficients;

  /**
   * Reads {@code bytes} to the last tensor or pixel.
   *
   * @throws IOException if the scratch file cannot be written
   */
  abstract void read(byte[] bytes) throws IOException;

  /** Returns good files, which the fuzzer changes. */
  abstract List<byte[]> seeds() throws IOException;

  private static Path scratchFile() throws IOException {
    if (scratchFile == null) {
      scratchFile = Files.createTempFile("fuzzed", ".bin");
      scratchFile.toFile().deleteOnExit();
    }
    return scratchFile;
  }

  private static Path scratch(byte[] bytes) throws IOException {
    return Files.write(scratchFile(), bytes);
  }

  private static void readModel(byte[] bytes) {
    try (ModelFile model = ModelFile.of(Path.of("model.zip"), bytes)) {
      CondensedModel.of(model, model.defaultWeights());
    }
  }

  /** Writes a network of three layers. */
  private static Path writeModel(Path file) {
    CondensedModel model =
        RandomModel.condensed(
            ArchitectureRegistry.describe(
                "cdnv2", Map.of(Knob.STAGES, "1-1-1", Knob.GROWTH, "8-8-8", Knob.FC_CHANNEL, "8")));
    new ModelFileWriter(model.metadata()).weights(WeightsKind.RAW, model.weights()).write(file);
    return file;
  }

  private static byte[] entry(String name) throws IOException {
    try (ModelFile model = ModelFile.read(writeModel(scratchFile()))) {
      return model.entry(name);
    }
  }

  private static byte[] coefficients() throws IOException {
    if (coefficients == null) {
      coefficients = entry("coefficients.bin");
    }
    return coefficients;
  }
}
