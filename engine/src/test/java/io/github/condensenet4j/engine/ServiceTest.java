package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.process.JavaProcess;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.kernels.KernelProvider;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A service needs nothing but the engine and the four libraries below it. */
class ServiceTest {

  @TempDir private Path folder;

  @ParameterizedTest(name = "with vectors: {0}")
  @ValueSource(booleans = {true, false})
  void predictsFromAModelFileWithTheEngineAlone(boolean vectors)
      throws IOException, InterruptedException {
    CondensedModel condensed = RandomModel.condensed(ArchitectureRegistry.describe("cdnv2"));
    Path file = folder.resolve("model.zip");
    Service.write(condensed, file);
    List<String> command = new ArrayList<>(List.of(JavaProcess.executable(), "-cp", classPath()));
    if (vectors) {
      command.addAll(List.of("--add-modules", JavaProcess.VECTORS));
    }
    command.addAll(List.of(Service.class.getName(), file.toString()));

    Process service =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(service.waitFor()).isZero();
    EngineOptions options =
        new EngineOptions(1, vectors ? KernelProvider.fastest() : KernelProvider.plain());
    try (CompiledModel model = CompiledModel.compile(condensed, options)) {
      assertThat(said)
          .contains(Arrays.toString(Arrays.copyOf(model.logits(Service.image(model)), 5)));
    }
  }

  /** Returns the engine's own libraries, and the tests for {@link Service}. */
  private static String classPath() {
    return Stream.of(
            CompiledModel.class,
            KernelProvider.class,
            RgbImage.class,
            CondensedModel.class,
            LoggerFactory.class,
            Service.class)
        .map(ServiceTest::placeOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
