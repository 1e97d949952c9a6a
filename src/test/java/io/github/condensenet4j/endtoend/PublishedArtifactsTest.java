package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The artifacts that a service needs, published to a folder, and the project of somebody else that
 * is built on them.
 *
 * <p>They are published from a copy of the modules, because the jars of this build are in use here.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links to the local repository")
class PublishedArtifactsTest {

  private static final String GROUP = "io/github/condensenet4j";
  private static final String WEIGHTS = "zoo-weights/cdnv2-cifar10";
  private static final List<String> MODULES =
      List.of("core", "images", "kernels", "engine", WEIGHTS);

  /** What the tests of those modules ask for, though none is run. */
  private static final List<String> OF_TESTS = List.of("fixtures", "interchange");

  private static final String VERSION = System.getProperty("project.version");

  @TempDir private static Path folder;

  private static Path published;

  @BeforeAll
  static void publish() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    copyPoms(copy);
    List<String> modules = Stream.of(MODULES, OF_TESTS).flatMap(List::stream).toList();
    for (String module : modules) {
      copy(module + "/src/main", copy);
      copy(module + "/target/classes", copy);
    }
    published = folder.resolve("published");
    // What is compiled is copied, so nothing is compiled anew.
    Maven.run(
        copy,
        folder.resolve("publisher"),
        "deploy",
        "-Ppublish",
        "-pl",
        ".,bom," + String.join(",", modules),
        "-Dmaven.main.skip",
        "-Dmaven.test.skip",
        "-Dspotless.check.skip",
        "-Denforcer.skip",
        "-Djacoco.skip",
        "-DaltDeploymentRepository=published::" + published.toUri());
  }

  private static void copyPoms(Path copy) throws IOException {
    Path root = Reference.repository();
    try (Stream<Path> files = Files.walk(root, 3)) {
      for (Path pom : files.filter(file -> file.endsWith("pom.xml")).toList()) {
        Path target = copy.resolve(root.relativize(pom).toString());
        if (!pom.toString().contains("/src/")) {
          Files.createDirectories(target.getParent());
          Files.copy(pom, target);
        }
      }
    }
  }

  private static void copy(String name, Path copy) throws IOException {
    Path source = Reference.repository().resolve(name);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(Reference.repository().relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @Test
  void holdJarSourcesJavadocAndBillOfMaterials() throws IOException {
    for (String module : List.of("core", "images", "kernels", "engine", "weights-cdnv2-cifar10")) {
      Path artifact = published.resolve(GROUP).resolve("condensenet4j-" + module);
      assertThat(endings(artifact, "condensenet4j-" + module))
          .as(module)
          .contains(".jar", "-sources.jar", "-javadoc.jar", ".pom", "-cyclonedx.json");
      try (Stream<Path> files = Files.walk(artifact)) {
        Path jar = files.filter(file -> file.toString().endsWith("-javadoc.jar")).findFirst().get();
        try (JarFile javadoc = new JarFile(jar.toFile())) {
          assertThat(javadoc.getEntry("index.html")).isNotNull();
        }
      }
    }
    assertThat(published.resolve(GROUP).resolve("condensenet4j-bom")).isDirectory();
  }

  @Test
  void listWhatTheyAreMadeOf() throws IOException {
    Path engine = published.resolve(GROUP).resolve("condensenet4j-engine");
    try (Stream<Path> files = Files.walk(engine)) {
      Path bill =
          files.filter(file -> file.toString().endsWith("-cyclonedx.json")).findFirst().get();
      assertThat(
              JsonValue.read(bill).get("components").list().stream()
                  .map(component -> component.get("name").text()))
          .containsExactlyInAnyOrder(
              "condensenet4j-core", "condensenet4j-images", "condensenet4j-kernels", "slf4j-api");
    }
  }

  /** Returns how the files of an artifact end behind name and version. */
  private static List<String> endings(Path artifact, String name) throws IOException {
    try (Stream<Path> files = Files.walk(artifact)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.startsWith(name + "-"))
          .map(file -> file.replaceFirst("^" + name + "-[0-9][0-9.]*(-[0-9.]+-[0-9]+)?", ""))
          .toList();
    }
  }

  @Test
  void areAllThatAServiceNeedsToClassifyAPicture() throws IOException {
    Path project = Files.createDirectory(folder.resolve("consumer"));
    copyConsumer(project);
    Maven.run(
        project,
        folder.resolve("service"),
        "package",
        "-Dpublished=" + published.toUri(),
        "-Dcondensenet4j.version=" + VERSION);

    Path libraries = project.resolve("target/lib");
    try (Stream<Path> files = Files.list(libraries)) {
      assertThat(
              files.map(file -> file.getFileName().toString().replaceFirst("-[0-9].*\\.jar$", "")))
          .containsExactlyInAnyOrder(
              "condensenet4j-core",
              "condensenet4j-images",
              "condensenet4j-kernels",
              "condensenet4j-engine",
              "condensenet4j-weights-cdnv2-cifar10",
              "slf4j-api");
    }
    Path picture = folder.resolve("noise.png");
    Pictures.writeNoise(picture, 32, 32);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", project.resolve("target/consumer.jar") + ":" + libraries + "/*"));
    command.addAll(List.of("example.Consumer", picture.toString()));
    assertThat(Maven.run(project, command, Map.of()).strip().lines().toList())
        .as("CIFAR-10's classes")
        .last()
        .isIn(
            List.of(
                "airplane",
                "automobile",
                "bird",
                "cat",
                "deer",
                "dog",
                "frog",
                "horse",
                "ship",
                "truck"));
  }

  private static void copyConsumer(Path project) throws IOException {
    Path source = Reference.repository().resolve("src/test/consumer");
    for (String name : List.of("pom.xml", "src/main/java/example/Consumer.java")) {
      Files.createDirectories(project.resolve(name).getParent());
      Files.copy(source.resolve(name), project.resolve(name));
    }
  }
}
