package io.github.condensenet4j.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets Jazzer look for bytes that a reader neither reads nor refuses, in a process for each reader:
 * for seconds in the tests, for minutes with the profile {@code fuzz}, which goes on from what
 * earlier runs found in {@code target/fuzz}.
 */
class FuzzTest {

  /** Far more than any input of {@link #LONGEST_INPUT} bytes has a right to. */
  private static final String HEAP = "-Xmx512m";

  private static final int LONGEST_INPUT = 65_536;
  private static final int LONGEST_READING_SECONDS = 10;

  private final int seconds = Integer.getInteger("fuzz.seconds", 3);

  /** A reader that refuses what it begins with would be fuzzed no further than its first check. */
  @ParameterizedTest
  @EnumSource
  void readsGoodFiles(FuzzedReader reader) throws IOException {
    for (byte[] seed : reader.seeds()) {
      assertThat(seed).hasSizeLessThan(LONGEST_INPUT);
      reader.read(seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void neitherFailsNorHangsNorFillsTheMemory(FuzzedReader reader) throws Exception {
    Path folder = Path.of("target/fuzz", reader.name()).toAbsolutePath();
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path seeds = writeSeeds(reader, folder.resolve("seeds"));
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(command(folder, corpus, seeds))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(seconds + 120L, TimeUnit.SECONDS)).as(log.toString()).isTrue();
      assertThat(process.exitValue()).as(log.toString()).isZero();
    } finally {
      process.destroyForcibly();
    }
    assertThat(log).content().containsPattern("Done [0-9]+ runs");
  }

  private static Path writeSeeds(FuzzedReader reader, Path folder) throws IOException {
    Files.createDirectories(folder);
    int number = 0;
    for (byte[] seed : reader.seeds()) {
      Files.write(folder.resolve("seed-" + number++), seed);
    }
    return folder;
  }

  private List<String> command(Path folder, Path corpus, Path seeds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        HEAP,
        "-XX:+EnableDynamicAgentLoading",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Jazzer.class.getName(),
        "--target_class=" + FuzzTarget.class.getName(),
        "--target_args=" + folder.getFileName(),
        "--instrumentation_includes=io.github.condensenet4j.**",
        "--reproducer_path=" + folder,
        "-artifact_prefix=" + folder + "/",
        "-max_total_time=" + seconds,
        "-max_len=" + LONGEST_INPUT,
        "-timeout=" + LONGEST_READING_SECONDS,
        "-rss_limit_mb=0",
        "-seed=1",
        corpus.toString(),
        seeds.toString());
  }
}
