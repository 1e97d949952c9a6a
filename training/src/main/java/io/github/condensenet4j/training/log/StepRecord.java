package io.github.condensenet4j.training.log;

/**
 * One step of a run.
 *
 * @param step number of the step, from 0
 * @param epoch number of its epoch, from 0
 * @param batch number of the batch in its epoch, from 0
 * @param progress share of all steps done before this one, 0 to below 1
 * @param learningRate rate that the step used
 * @param loss training loss: smoothed, group lasso included, weight decay not
 * @param keptFraction share of the learned connections that the step trained with, 0 to 1
 */
public record StepRecord(
    long step,
    int epoch,
    int batch,
    double progress,
    double learningRate,
    double loss,
    double keptFraction) {

  static final String HEADER = "step,epoch,batch,progress,lr,loss,keptFraction";

  String toRow() {
    return step
        + ","
        + epoch
        + ","
        + batch
        + ","
        + progress
        + ","
        + learningRate
        + ","
        + loss
        + ","
        + keptFraction;
  }

  static StepRecord ofRow(String row) {
    String[] cells = row.split(",", -1);
    return new StepRecord(
        Long.parseLong(cells[0]),
        Integer.parseInt(cells[1]),
        Integer.parseInt(cells[2]),
        Double.parseDouble(cells[3]),
        Double.parseDouble(cells[4]),
        Double.parseDouble(cells[5]),
        Double.parseDouble(cells[6]));
  }
}
