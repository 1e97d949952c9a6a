package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the official READMEs run as they stand, with the jar in the place of {@code
 * python train.py}; those that train with a few options behind them that make it short.
 */
class OfficialCommandLinesTest {

  private static final String SHORT = " --epochs 1 --batches-per-epoch 4 --batch-size 4";

  @TempDir private Path folder;

  private static void run(String line) {
    Jar.Answer answer = Jar.run((Object[]) line.split(" "));
    assertThat(answer.exitCode()).as(answer.log()).isZero();
  }

  private Path imageNet() throws IOException {
    Path data = folder.resolve("imagenet");
    for (String part : List.of("train", "val")) {
      for (String name : List.of("n01440764", "n01443537")) {
        Path images = Files.createDirectories(data.resolve(part).resolve(name));
        for (int i = 0; i < 8; i++) {
          Pictures.writePlain(images.resolve(i + ".png"), 260 - i, 256, new Color(30 * i, 99, 7));
        }
      }
    }
    return data;
  }

  @Test
  void ofCondenseNetV2() throws IOException {
    Path data = imageNet();
    Path log = folder.resolve("log");
    run(
        ("train --model cdnv2_a --batch-size 1024 --lr 0.4 --warmup-lr 0.1 --warmup-epochs 5 --opt"
             + " sgd --sched cosine --epochs 350 --weight-decay 4e-5 --aa rand-m9-mstd0.5 --remode"
             + " pixel --reprob 0.2 --data_url %s --train_url %s")
                .formatted(data, log)
            + SHORT);
    run(
        "evaluate --model cdnv2_a --data_url %s -b 32 -j 8 --train_url %s --evaluate_from %s"
            .formatted(data, log, log.resolve("last.zip")));
    run(
        "convert --model cdnv2_a --data_url %s -b 64 -j 8 --train_url %s --convert_from %s"
            .formatted(data, log, log.resolve("last.zip")));
    run(
        "evaluate --model converted_cdnv2_a --data_url %s -b 32 -j 8 --train_url %s --evaluate_from %s"
            .formatted(data, log, log.resolve("converted_model_cdnv2_a.zip")));
  }

  @Test
  void ofCondenseNet() {
    Path log = folder.resolve("log");
    String network =
        " --model condensenet -b 64 -j 8 cifar10 --stages 14-14-14 --growth 8-16-32 --bottleneck 4"
            + " --group-1x1 4 --group-3x3 4 --condense-factor 4 --gpu 0 --resume --data "
            + Jar.SAMPLE;
    List<String> lines = new ArrayList<>();
    lines.add("train" + network + " --epochs 300 --lr-type cosine --output " + log + SHORT);
    lines.add("evaluate" + network + " --evaluate-from " + log.resolve("last.zip"));
    lines.forEach(OfficialCommandLinesTest::run);
  }
}
