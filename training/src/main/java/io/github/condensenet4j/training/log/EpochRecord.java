package io.github.condensenet4j.training.log;

import io.github.condensenet4j.training.evaluation.EvaluationResult;
import java.util.List;
import java.util.Optional;

/**
 * One epoch of a run.
 *
 * @param epoch number of the epoch, from 0
 * @param learningRate rate of its last step
 * @param trainLoss mean loss of its steps
 * @param raw the network's own weights on the validation images, if there are any
 * @param ema the moving average on the validation images, if there are any and it is kept
 * @param keptFraction share of the learned connections that is left, 0 to 1
 * @param seconds time in training, evaluation not included
 * @param imagesPerSecond images trained a second
 * @param waitingSeconds time in which training waited for images
 * @param unreadableImages training images met so far that could not be read and were skipped
 */
public record EpochRecord(
    int epoch,
    double learningRate,
    double trainLoss,
    Optional<EvaluationResult> raw,
    Optional<EvaluationResult> ema,
    double keptFraction,
    double seconds,
    double imagesPerSecond,
    double waitingSeconds,
    int unreadableImages) {

  static final String HEADER =
      "epoch,lr,trainLoss,valLoss,top1,top5,emaLoss,emaTop1,emaTop5,keptFraction,seconds,"
          + "imagesPerSecond,waitingSeconds,unreadableImages";

  /** Returns the result by which epochs are compared: the average's where there is one. */
  public Optional<EvaluationResult> decisive() {
    return ema.or(() -> raw);
  }

  /** Returns the top-1 of {@link #decisive}. */
  public Optional<Double> decisiveTop1() {
    return decisive().map(EvaluationResult::top1);
  }

  String toRow() {
    return epoch
        + ","
        + learningRate
        + ","
        + trainLoss
        + ","
        + cells(raw)
        + ","
        + cells(ema)
        + ","
        + keptFraction
        + ","
        + seconds
        + ","
        + imagesPerSecond
        + ","
        + waitingSeconds
        + ","
        + unreadableImages;
  }

  private static String cells(Optional<EvaluationResult> result) {
    return result.map(r -> r.loss() + "," + r.top1() + "," + r.top5()).orElse(",,");
  }

  static EpochRecord ofRow(String row) {
    String[] cells = row.split(",", -1);
    return new EpochRecord(
        Integer.parseInt(cells[0]),
        Double.parseDouble(cells[1]),
        Double.parseDouble(cells[2]),
        result(cells, 3),
        result(cells, 6),
        Double.parseDouble(cells[9]),
        Double.parseDouble(cells[10]),
        Double.parseDouble(cells[11]),
        Double.parseDouble(cells[12]),
        Integer.parseInt(cells[13]));
  }

  // Counts and speed of an evaluation are not in the table, which is about the epoch.
  private static Optional<EvaluationResult> result(String[] cells, int first) {
    if (cells[first].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new EvaluationResult(
            Double.parseDouble(cells[first + 1]),
            Double.parseDouble(cells[first + 2]),
            Double.parseDouble(cells[first]),
            0,
            0,
            List.of()));
  }
}
