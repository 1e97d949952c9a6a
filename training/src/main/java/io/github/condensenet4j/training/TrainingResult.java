package io.github.condensenet4j.training;

import io.github.condensenet4j.training.log.EpochRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * How a run ended.
 *
 * @param finished whether all steps are done, or it was stopped before
 * @param steps steps done in all
 * @param epochs what the epochs brought
 * @param last the last checkpoint
 * @param best the checkpoint of the best epoch
 * @param report the page with curves
 */
public record TrainingResult(
    boolean finished, long steps, List<EpochRecord> epochs, Path last, Path best, Path report) {}
