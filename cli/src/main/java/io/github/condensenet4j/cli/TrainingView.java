package io.github.condensenet4j.cli;

import io.github.condensenet4j.training.TrainingPlan;
import io.github.condensenet4j.training.TrainingProgress;
import io.github.condensenet4j.training.evaluation.EvaluationResult;
import io.github.condensenet4j.training.log.EpochRecord;
import io.github.condensenet4j.training.log.StepRecord;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Shows a training run to the person who waits for it: a bar, and a line an epoch. */
final class TrainingView implements TrainingProgress {

  private final ProgressBar bar;
  private TrainingPlan plan;
  private long images;

  TrainingView(ProgressBar bar) {
    this.bar = bar;
  }

  @Override
  public void started(TrainingPlan newPlan) {
    plan = newPlan;
    bar.start(plan.firstStep(), plan.steps());
    bar.say(
        counted(plan.epochs(), "epoch", "epochs")
            + " of "
            + counted(plan.batchesPerEpoch(), "batch", "batches")
            + " of "
            + counted(plan.batchSize(), "image", "images")
            + (plan.firstStep() > 0 ? ", going on with step " + plan.firstStep() : ""));
  }

  /** Returns how many images have been trained on. */
  long images() {
    return images;
  }

  private static String counted(int number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  @Override
  public void step(StepRecord step, double imagesPerSecond) {
    images += plan.batchSize();
    bar.show(
        step.step() + 1,
        String.format(
            Locale.ROOT,
            "epoch %d/%d, batch %d/%d, loss %.4f, lr %.4g, %.1f images/s",
            step.epoch() + 1,
            plan.epochs(),
            step.batch() + 1,
            plan.batchesPerEpoch(),
            step.loss(),
            step.learningRate(),
            imagesPerSecond));
  }

  @Override
  public void epoch(EpochRecord epoch) {
    bar.say(
        String.format(
            Locale.ROOT,
            "epoch %d/%d: loss %.4f%s%s, %.1f %% of connections kept, %.1f images/s, %s",
            epoch.epoch() + 1,
            plan.epochs(),
            epoch.trainLoss(),
            top1(epoch.raw(), "top-1"),
            top1(epoch.ema(), "averaged weights"),
            100 * epoch.keptFraction(),
            epoch.imagesPerSecond(),
            ProgressBar.duration(Math.round(epoch.seconds()))));
    epoch
        .raw()
        .map(EvaluationResult::unreadable)
        .ifPresent(sentences -> sentences.forEach(sentence -> bar.say("left out: " + sentence)));
  }

  @Override
  public void saved(Path file, long step) {
    bar.clear();
  }

  @Override
  public void message(String sentence) {
    bar.say(sentence);
  }

  private static String top1(Optional<EvaluationResult> result, String what) {
    return result
        .map(found -> String.format(Locale.ROOT, ", %s %.2f %%", what, found.top1()))
        .orElse("");
  }
}
