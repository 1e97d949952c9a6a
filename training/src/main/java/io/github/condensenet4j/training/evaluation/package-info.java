/**
 * How well a network classifies images. Start reading at {@link
 * io.github.condensenet4j.training.evaluation.Evaluator}.
 */
package io.github.condensenet4j.training.evaluation;
