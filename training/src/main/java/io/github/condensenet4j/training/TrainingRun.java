package io.github.condensenet4j.training;

import io.github.condensenet4j.core.TrainingDivergedException;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.schedule.LearningRateSchedule;
import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import io.github.condensenet4j.pipelines.TrainingBatches;
import io.github.condensenet4j.pipelines.ViewedImages;
import io.github.condensenet4j.training.evaluation.EvaluationMetric;
import io.github.condensenet4j.training.evaluation.EvaluationResult;
import io.github.condensenet4j.training.evaluation.Evaluator;
import io.github.condensenet4j.training.log.EpochRecord;
import io.github.condensenet4j.training.log.RunLog;
import io.github.condensenet4j.training.log.RunReport;
import io.github.condensenet4j.training.log.StepRecord;
import io.github.condensenet4j.training.step.MovingAverage;
import io.github.condensenet4j.training.step.Stepper;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/** Trains from one step to the last and keeps the run's folder up to date. */
final class TrainingRun {

  private final RunSetup setup;
  private final TrainingOptions options;
  private final TrainingPlan plan;
  private final RunFolder folder;
  private final TrainingProgress progress;
  private final BooleanSupplier stopped;
  private final ComputationGraph network;
  private final Optional<MovingAverage> average;
  private final Checkpoints checkpoints;
  private final LearningRateSchedule rates;
  private final Optional<Evaluator> evaluator;
  private final SpeedMeter speed = new SpeedMeter();
  private final EpochMeter epoch;
  private Optional<BestEpoch> best;
  private long step;
  private long savedStep;

  TrainingRun(RunSetup setup, TrainingProgress progress, BooleanSupplier stopped) {
    this.setup = setup;
    this.options = setup.options();
    this.plan = setup.plan();
    this.folder = setup.folder();
    this.progress = progress;
    this.stopped = stopped;
    network = setup.network();
    average = setup.average();
    checkpoints = new Checkpoints(setup);
    rates = options.learningRates();
    int threads = setup.data().readerThreads();
    int batch = options.validationBatchSize();
    evaluator =
        setup
            .data()
            .validation()
            .map(images -> new ViewedImages(images, options.validation().views()))
            .map(images -> new Evaluator(images, batch, threads, ModelGraphs.LOGITS));
    epoch = setup.state().epoch();
    best = setup.state().best();
    step = setup.state().step();
    savedStep = step;
  }

  TrainingResult train() {
    progress.started(plan);
    try (TrainingBatches batches = setup.batches();
        RunLog log = RunLog.open(folder.path(), plan.epochOf(step), step, options.logSteps());
        Stepper stepper =
            Stepper.of(network, setup.recipe(), options.workers(), setup.splitNorms())) {
      if (step < plan.steps()) {
        batches.seek(step);
      }
      while (step < plan.steps() && !stopped.getAsBoolean()) {
        trainStep(batches, log, stepper);
        if (plan.batchOf(step) == 0) {
          endEpoch(batches, log, stepper);
        } else if (options.checkpointEvery() > 0 && step % options.checkpointEvery() == 0) {
          save(log, false);
        }
      }
      if (savedStep != step) {
        save(log, false);
      }
      writeReport(log);
      return new TrainingResult(
          step == plan.steps(), step, log.epochs(), folder.last(), folder.best(), folder.report());
    }
  }

  private void trainStep(TrainingBatches batches, RunLog log, Stepper stepper) {
    int epochNumber = plan.epochOf(step);
    int batchNumber = plan.batchOf(step);
    double done = plan.progressAt(step);
    double rate = rates.rateAt(epochNumber, batchNumber, plan.batchesPerEpoch());
    long start = System.nanoTime();
    DataSet batch = StepProfile.time("waiting for data", Phase.OTHER, batches::next);
    double waited = secondsSince(start);
    double loss =
        StepProfile.time(
            "rest of the step", Phase.OTHER, () -> stepper.train(batch, step, rate, done));
    batches.recycle(batch);
    requireFinite(loss);
    average.ifPresent(
        ema -> StepProfile.run("moving average", Phase.OTHER, () -> ema.update(step)));
    double seconds = secondsSince(start);
    epoch.add(loss, seconds, waited);
    StepRecord row =
        new StepRecord(step, epochNumber, batchNumber, done, rate, loss, stepper.keptFraction());
    log.add(row);
    step++;
    progress.step(row, speed.add(plan.batchSize(), seconds));
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }

  private void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw diverged("the loss is " + (Double.isNaN(loss) ? "not a number" : "infinite"), step);
    }
  }

  private TrainingDivergedException diverged(String what, long atStep) {
    String kept =
        savedStep > 0
            ? folder.last() + " keeps the state before step " + savedStep
            : "there is no checkpoint yet";
    return new TrainingDivergedException(
        "%s at step %d (epoch %d, batch %d), so training stopped; %s. Lower --lr or set --clip-grad"
            .formatted(what, atStep, plan.epochOf(atStep), plan.batchOf(atStep), kept));
  }

  private void endEpoch(TrainingBatches batches, RunLog log, Stepper stepper) {
    int number = plan.epochOf(step - 1);
    Optional<EvaluationResult> raw = evaluate(number, "raw", network);
    Optional<EvaluationResult> ema =
        average.flatMap(weights -> evaluate(number, "ema", weights.network()));
    EpochRecord row =
        new EpochRecord(
            number,
            rates.rateAt(number, plan.batchesPerEpoch() - 1, plan.batchesPerEpoch()),
            epoch.meanLoss(),
            raw,
            ema,
            stepper.keptFraction(),
            epoch.seconds(),
            epoch.steps() * plan.batchSize() / epoch.seconds(),
            epoch.waitingSeconds(),
            batches.unreadable().size());
    log.add(row);
    epoch.clear();
    boolean isBest = isBest(row);
    if (isBest) {
      best = row.decisive().map(result -> new BestEpoch(number, metric().of(result)));
    }
    save(log, isBest);
    writeReport(log);
    progress.epoch(row);
  }

  private Optional<EvaluationResult> evaluate(
      int number, String weights, ComputationGraph evaluated) {
    Optional<EvaluationResult> result =
        evaluator
            .filter(e -> options.validation().isDueAfter(number, plan.epochs()))
            .map(
                e -> StepProfile.timeWhole("evaluation", Phase.OTHER, () -> e.evaluate(evaluated)));
    result.ifPresent(r -> progress.evaluated(number, weights, r));
    return result;
  }

  private boolean isBest(EpochRecord row) {
    return row.decisive()
        .map(metric()::of)
        .map(value -> best.isEmpty() || metric().isBetter(value, best.get().value()))
        .orElse(false);
  }

  private EvaluationMetric metric() {
    return options.validation().metric();
  }

  /** Saves the run; where nothing is evaluated, the last checkpoint is the best one as well. */
  private void save(RunLog log, boolean isBest) {
    log.force();
    requireFiniteWeights();
    RunState state = new RunState(step, epoch, best, setup.settings(), setup.arguments());
    boolean alsoBest = isBest || evaluator.isEmpty();
    StepProfile.run(
        "checkpoints", Phase.OTHER, () -> checkpoints.save(state, metrics(log), alsoBest));
    savedStep = step;
    progress.saved(folder.last(), step);
  }

  private void requireFiniteWeights() {
    if (!Double.isFinite(network.params().norm2Number().doubleValue())) {
      throw diverged("the weights are no finite numbers any more", step - 1);
    }
  }

  private static Map<String, Double> metrics(RunLog log) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (!log.epochs().isEmpty()) {
      EpochRecord last = log.epochs().get(log.epochs().size() - 1);
      metrics.put("epoch", (double) last.epoch());
      metrics.put("trainLoss", last.trainLoss());
      last.raw().ifPresent(raw -> put(metrics, "", raw));
      last.ema().ifPresent(ema -> put(metrics, "ema", ema));
    }
    return metrics;
  }

  private static void put(Map<String, Double> metrics, String prefix, EvaluationResult result) {
    metrics.put(prefix.isEmpty() ? "top1" : prefix + "Top1", result.top1());
    metrics.put(prefix.isEmpty() ? "top5" : prefix + "Top5", result.top5());
    metrics.put(prefix.isEmpty() ? "loss" : prefix + "Loss", result.loss());
  }

  private void writeReport(RunLog log) {
    ModelCost cost = ModelCost.of(setup.model());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Parameters, condensed", String.format(Locale.ROOT, "%,d", cost.params()));
    facts.put("Multiply-adds, condensed", String.format(Locale.ROOT, "%.1f M", cost.flops() / 1e6));
    String status =
        step == plan.steps()
            ? "Finished after " + plan.epochs() + " epochs."
            : "%d of %d steps done, in epoch %d of %d."
                .formatted(step, plan.steps(), plan.epochOf(step) + 1, plan.epochs());
    RunReport report =
        new RunReport(
            setup.model().name(),
            status,
            facts,
            log.epochs(),
            log.steps(),
            plan.batchesPerEpoch(),
            RunSettings.texts(setup.arguments()));
    folder.writeReport(report.toHtml());
  }
}
