package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What the READMEs of the official repositories tell people to type is understood. */
class OfficialCommandLinesTest {

  private static CommandLine program() {
    return new Program(new Console(System.out, System.err)).commandLine();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --model cdnv2_a --batch-size 1024 --lr 0.4 --warmup-lr 0.1 --warmup-epochs 5 --opt"
            + " sgd --sched cosine --epochs 350 --weight-decay 4e-5 --aa rand-m9-mstd0.5 --remode"
            + " pixel --reprob 0.2 --data_url /imagenet --train_url /log",
        "evaluate --model cdnv2_b --data_url /imagenet -b 32 -j 8 --train_url /log --evaluate_from"
            + " /weights",
        "evaluate --model converted_cdnv2_c --data_url /imagenet -b 32 -j 8 --train_url /log"
            + " --evaluate_from /weights",
        "convert --model cdnv2_a --data_url /imagenet -b 64 -j 8 --train_url /log --convert_from"
            + " /weights",
        "train --model condensenet -b 256 -j 20 /imagenet --stages 4-6-8-10-8 --growth"
            + " 8-16-32-64-128 --gpu 0,1,2,3,4,5,6,7 --resume",
        "train --model condensenet -b 64 -j 8 cifar10 --epochs 300 --lr-type cosine --stages"
            + " 14-14-14 --growth 8-16-32 --bottleneck 4 --group-1x1 4 --group-3x3 4"
            + " --condense-factor 4 --gpu 0 --resume",
        "train --model condensenet -b 256 -j 20 /imagenet --epochs 120 --stages 4-6-8-10-8 --growth"
            + " 8-16-32-64-128 --group-lasso 0.00001 --gpu 0,1,2,3",
        "evaluate --model condensenet_converted -b 64 -j 20 /imagenet --stages 4-6-8-10-8 --growth"
            + " 8-16-32-64-128 --gpu 0 --resume --evaluate-from /weights",
        "convert --model condensenet -b 64 -j 20 /imagenet --stages 4-6-8-10-8 --growth"
            + " 8-16-32-64-128 --gpu 0 --resume --convert-from /weights"
      })
  void areUnderstood(String commandLine) {
    ParseResult parsed = program().parseArgs(Spelling.withDashes(commandLine.split(" ")));

    assertThat(parsed.subcommand().unmatched()).isEmpty();
  }

  @Test
  void takesEveryOptionOfTheOfficialTraining() {
    List<String> known =
        program().getSubcommands().get("train").getCommandSpec().options().stream()
            .flatMap(option -> List.of(option.names()).stream())
            .toList();

    assertThat(known)
        .contains(
            ("--config --data-url --dataset --train-url --model --pretrained --initial-checkpoint"
                    + " --resume --no-resume-opt --num-classes --gp --img-size --crop-pct --mean"
                    + " --std --interpolation --batch-size --validation-batch-size-multiplier"
                    + " --drop --drop-connect --drop-path --drop-block --jsd --opt --opt-eps"
                    + " --momentum --weight-decay --sched --lr --lr-noise --lr-noise-pct"
                    + " --lr-noise-std --lr-cycle-mul --lr-cycle-limit --warmup-lr --min-lr"
                    + " --epochs --start-epoch --decay-epochs --warmup-epochs --cooldown-epochs"
                    + " --patience-epochs --decay-rate --dr --color-jitter --aa --aug-splits"
                    + " --reprob --remode --recount --resplit --mixup --mixup-off-epoch --smoothing"
                    + " --train-interpolation --bn-tf --bn-momentum --bn-eps --sync-bn --dist-bn"
                    + " --split-bn --model-ema --model-ema-force-cpu --model-ema-decay --seed"
                    + " --log-interval --recovery-interval --workers --num-gpu --save-images --amp"
                    + " --pin-mem --no-prefetcher --output --eval-metric --tta --local-rank"
                    + " --use-multi-epochs-loader --less-aggressive-scale-aug --prime-size"
                    + " --start-eval-epoch --dist-url -vb -b -j -c")
                .split(" "))
        .contains(
            ("--learning-rate --lr-type --wd --print-freq -p --no-save-model --manual-seed --gpu"
                    + " --savedir --stages --bottleneck --group-1x1 --group-3x3 --condense-factor"
                    + " --growth --reduction --dropout-rate --group-lasso-lambda")
                .split(" "));
  }
}
