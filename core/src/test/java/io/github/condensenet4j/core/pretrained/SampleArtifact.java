package io.github.condensenet4j.core.pretrained;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.io.Sha256;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelFileWriter;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An artifact with a small network of random weights, as a folder of the class path. */
final class SampleArtifact {

  private static final ModelDescription MODEL =
      ArchitectureRegistry.describe(
          "cdnv2", Map.of(Knob.STAGES, "1-1-1", Knob.GROWTH, "8-8-8", Knob.FC_CHANNEL, "16"));

  private final Path folder;

  private SampleArtifact(Path folder) {
    this.folder = folder;
  }

  static SampleArtifact write(Path folder, String name, double top1) throws IOException {
    SampleArtifact artifact = new SampleArtifact(folder);
    Files.createDirectories(artifact.resources());
    Preprocessing preprocessing = Preprocessing.cifar10(32);
    new ModelFileWriter(ModelMetadata.of(MODEL, preprocessing))
        .weights(WeightsKind.RAW, RandomModel.trainable(MODEL))
        .write(artifact.trained());
    CondensedModel condensed = RandomModel.condensed(MODEL);
    new ModelFileWriter(condensed.metadata())
        .weights(WeightsKind.RAW, condensed.weights())
        .write(artifact.converted());
    ModelCard card =
        new ModelCard(
            name,
            "cifar10",
            MODEL,
            "nothing: the weights are random",
            "train",
            Map.of("epochs", "0"),
            Map.of("seed", "1"),
            "Apache-2.0",
            file(artifact.trained(), top1),
            file(artifact.converted(), top1));
    Files.writeString(artifact.resources().resolve("model-card.json"), card.toJson().pretty());
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(PretrainedModel.class.getName()), SampleModel.class.getName() + "\n");
    return artifact;
  }

  private static CardFile file(Path file, double top1) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new CardFile(
        file.getFileName().toString(), bytes.length, Sha256.of(bytes), Map.of("top1", top1));
  }

  Path trained() {
    return resources().resolve("trained.zip");
  }

  Path converted() {
    return resources().resolve("converted.zip");
  }

  Path resources() {
    return folder.resolve(SampleModel.class.getPackageName().replace('.', '/'));
  }

  /** Returns a loader that has {@code artifacts} on its path. */
  static ClassLoader loader(SampleArtifact... artifacts) throws IOException {
    ClassLoader loader = SampleArtifact.class.getClassLoader();
    for (SampleArtifact artifact : artifacts) {
      loader = new ArtifactLoader(artifact.folder.toUri().toURL(), loader);
    }
    return loader;
  }

  /** Has the class of the artifact itself, so that its resources are looked for in its folder. */
  private static final class ArtifactLoader extends URLClassLoader {

    ArtifactLoader(URL folder, ClassLoader parent) {
      super(new URL[] {folder}, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(SampleModel.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) {
      try (InputStream in = SampleModel.class.getResourceAsStream("SampleModel.class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Runs {@code test} with {@code artifacts} on the class path. */
  static void with(List<SampleArtifact> artifacts, Runnable test) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader(artifacts.toArray(SampleArtifact[]::new)));
    try {
      test.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
