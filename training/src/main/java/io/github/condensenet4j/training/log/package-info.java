/**
 * What a run writes down for people and programs to read: a row a step, a row an epoch, and a page
 * with curves.
 *
 * <p>Rows are appended while the run goes on and cut back to its checkpoint when it is taken up
 * again. Start reading at {@link io.github.condensenet4j.training.log.RunLog}.
 */
package io.github.condensenet4j.training.log;
