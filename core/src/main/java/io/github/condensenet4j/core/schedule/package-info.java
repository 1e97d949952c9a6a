/**
 * Learning rates as pure functions of the position in training.
 *
 * <p>Start reading at {@link io.github.condensenet4j.core.schedule.LearningRateSchedule}.
 */
package io.github.condensenet4j.core.schedule;
