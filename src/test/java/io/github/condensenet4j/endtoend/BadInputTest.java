package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong is told in one line, and nothing that was on the disk is harmed. */
class BadInputTest {

  private static final String SAMPLE = "examples/cifar10-sample";

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian                                             | did you mean train?
          train --model cdnv2 --outptu x                    | did you mean --output?
          train --model cdnv2_z --data SAMPLE --output OUT  | cdnv2_
          train --model cdnv2 --data SAMPLE --output OUT --epochs 0        | --epochs is 0
          train --model cdnv2 --data SAMPLE --output OUT --batch-size -1   | --batch-size is -1
          train --model cdnv2 --data SAMPLE --output OUT --lr NaN          | --lr is NaN
          train --model cdnv2 --data SAMPLE --output OUT --opt sdg         | --opt is sdg
          train --model cdnv2 --data SAMPLE --output OUT --sched sine      | --sched is sine
          train --model cdnv2 --data SAMPLE --output OUT --aug wild        | --aug is wild
          train --model cdnv2 --data SAMPLE --output OUT --dataset mnist   | --dataset is mnist
          train --model cdnv2 --data SAMPLE --output OUT --num-classes 5   | 5 classes
          train --model cdnv2 --data SAMPLE --output OUT --image-size 64   | 64
          train --model cdnv2 --data nowhere --output OUT   | nowhere
          train --model cdnv2 --data SAMPLE --output OUT --backend cuda    | CUDA
          train --model cdnv2 --data SAMPLE --output OUT --init none.zip   | none.zip
          evaluate none.zip --data SAMPLE                   | none.zip: does not exist
          predict none.zip a.png                            | none.zip: does not exist
          convert none.zip x.zip                            | none.zip: does not exist
          import none.pth --model cdnv2 --output x.zip      | none.pth: does not exist
          """)
  void isToldInOneLine(String commandLine, String sentence) {
    Object[] args =
        Arrays.stream(commandLine.split(" +"))
            .map(word -> word.replace("SAMPLE", SAMPLE))
            .map(word -> word.equals("OUT") ? folder.resolve("run").toString() : word)
            .toArray();

    Jar.Answer answer = Jar.run(args);

    assertThat(answer.exitCode()).isBetween(1, 2);
    assertThat(answer.out()).isEmpty();
    assertThat(errors(answer)).hasSize(1).first().asString().contains(sentence);
    assertThat(folder.resolve("run/last.zip")).doesNotExist();
  }

  @Test
  void refusesModelFilesThatAreNone() throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(Files.write(folder.resolve("empty.zip"), new byte[0]));
    files.add(Files.writeString(folder.resolve("text.zip"), "a text"));
    byte[] checkpoint =
        Files.readAllBytes(Reference.of("checkpoints/v2_plain_state_dict_legacy.pth"));
    files.add(
        Files.write(
            folder.resolve("truncated.pth"), Arrays.copyOf(checkpoint, checkpoint.length / 2)));
    files.add(
        Files.write(
            folder.resolve("pickle.pth"),
            "cposix\nsystem\n(S'touch x'\ntR.".getBytes(StandardCharsets.US_ASCII)));
    for (Path file : files) {
      Jar.Answer answer = Jar.run("evaluate", file, "--data", SAMPLE, "--model", "cdnv2");

      assertThat(answer.exitCode()).isBetween(1, 2);
      assertThat(errors(answer)).as(answer.log()).hasSize(1).first().asString().contains("" + file);
    }
  }

  @Test
  void refusesACifarFileOfAWrongLength() throws IOException {
    byte[] batch = Files.readAllBytes(Reference.repository().resolve(SAMPLE + "/test_batch.bin"));
    Files.write(folder.resolve("data_batch_1.bin"), Arrays.copyOf(batch, batch.length - 1));

    Jar.Answer answer =
        Jar.run(
            "train",
            "--model",
            "cdnv2",
            "--dataset",
            "cifar10",
            "--data",
            folder,
            "--output",
            folder.resolve("run"),
            "--batch-size",
            "8");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(errors(answer)).hasSize(1).first().asString().contains("data_batch_1.bin");
  }

  @Test
  void refusesAnOutputFolderThatIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("run"), "mine");

    Jar.Answer answer =
        Jar.run(
            "train",
            "--model",
            "cdnv2",
            "--data",
            SAMPLE,
            "--output",
            file,
            "--batch-size",
            "8",
            "--epochs",
            "1");

    assertThat(answer.exitCode()).isBetween(1, 2);
    assertThat(errors(answer)).hasSize(1);
    assertThat(file).hasContent("mine");
  }

  private static List<String> errors(Jar.Answer answer) {
    return answer.log().lines().filter(line -> line.startsWith("error: ")).toList();
  }
}
