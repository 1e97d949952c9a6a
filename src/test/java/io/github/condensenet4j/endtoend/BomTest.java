package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The BOM has no parent, so nothing else keeps it in step with the modules. */
class BomTest {

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>(condensenet4j-[^<]+)</artifactId>");
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

  @Test
  void namesEveryModuleThatIsPublished() throws IOException {
    List<String> published =
        all(MODULE, pom("")).stream()
            .filter(module -> !module.equals("bom"))
            .map(BomTest::pomOf)
            .filter(pom -> !pom.contains("<maven.deploy.skip>true"))
            .map(pom -> all(ARTIFACT, pom).get(0))
            .toList();

    List<String> listed = all(ARTIFACT, pom("bom/"));
    assertThat(listed.subList(1, listed.size())).containsExactlyInAnyOrderElementsOf(published);
  }

  @Test
  void hasTheVersionOfTheProject() throws IOException {
    assertThat(all(VERSION, pom("bom/")).get(0)).isEqualTo(all(VERSION, pom("")).get(0));
  }

  private static String pomOf(String module) {
    try {
      return pom(module + "/");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String pom(String folder) throws IOException {
    return Files.readString(Reference.repository().resolve(folder + "pom.xml"));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }
}
