package io.github.condensenet4j.endtoend;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no module may know, as {@code docs/architecture.md} draws it. */
class ModuleRulesTest {

  private static final String ROOT = "io.github.condensenet4j.";

  private static JavaClasses project;

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> modules = Files.list(Reference.repository());
        Stream<Path> weights = Files.list(Reference.repository().resolve("zoo-weights"))) {
      List<Path> compiled =
          Stream.concat(modules, weights)
              .filter(module -> !module.endsWith("fixtures"))
              .map(module -> module.resolve("target/classes/io"))
              .filter(Files::isDirectory)
              .toList();
      project = new ClassFileImporter().importPaths(compiled);
    }
    assertThat(project.size()).isGreaterThan(100);
  }

  @ParameterizedTest(name = "{0} knows only Java and {1} {2}")
  @CsvSource({
    "core, core,",
    "images, core kernels images,",
    "interchange.pytorch, core interchange.pytorch,",
    "interchange.onnx, core interchange.onnx, ai.onnx.proto com.google.protobuf",
    "visualization, core visualization,",
    "kernels, kernels,",
    "engine, core images kernels engine,",
    "peer, core peer,",
    "libtorch, core peer libtorch, org.bytedeco",
    "weights, core weights,"
  })
  void knowsNothingBesidesJava(String module, String known, String libraries) {
    String[] packages =
        Stream.of(
                Stream.of("java..", "javax..", "jdk.incubator.vector..", "org.slf4j.."),
                words(known).map(name -> ROOT + name + ".."),
                words(libraries).map(name -> name + ".."))
            .flatMap(names -> names)
            .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(packages))
        .check(project);
  }

  private static Stream<String> words(String text) {
    return text == null ? Stream.empty() : Arrays.stream(text.split(" "));
  }

  @ParameterizedTest(name = "{0} does not know {1}")
  @CsvSource({
    "layers, images interchange pipelines zoo training engine cli",
    "zoo, images interchange pipelines training cli",
    "pipelines, interchange layers zoo training cli",
    "training, interchange cli"
  })
  void doesNotKnowWhatStandsAbove(String module, String unknown) {
    String[] packages =
        Arrays.stream(unknown.split(" ")).map(name -> ROOT + name + "..").toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(project);
  }

  @Test
  void packagesOfAModuleDoNotDependOnEachOtherInACircle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(project);
  }

  @Test
  void everyExceptionThatCallersMayMeetIsOfTheFamily() {
    classes()
        .that()
        .areAssignableTo(Throwable.class)
        .and()
        .arePublic()
        .should()
        .beAssignableTo(CondenseNetException.class)
        .check(project);
  }

  @Test
  void nobodyDeserialisesJavaObjects() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(java.io.ObjectInputStream.class)
        .check(project);
  }
}
