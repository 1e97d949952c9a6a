package io.github.condensenet4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelProviderTest {

  /** What a service would write: the choice is made once a process, so each case is one. */
  static final class Choice {
    private Choice() {}

    public static void main(String[] arguments) {
      KernelProvider.fastest();
      KernelProvider.fastest();
    }
  }

  @ParameterizedTest(name = "[{0}] → {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--add-modules jdk.incubator.vector | kernels: \\d+-bit SIMD",
        "--add-modules jdk.incubator.vector -XX:MaxVectorSize=16 | kernels: 128-bit SIMD",
        "-Dnothing=1 | kernels: plain loops, because the module jdk.incubator.vector is not loaded;"
            + " add --add-modules jdk.incubator.vector"
      })
  void saysInOneLineWhatItPicksAndWhyNot(String flags, String line)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Choice.class.getName()));

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    process.getInputStream().transferTo(output);
    process.waitFor();

    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(printed -> printed.contains("kernels:"))
        .singleElement()
        .asString()
        .matches(".*" + line);
  }
}
