/**
 * What turns gradients into updates: stochastic gradient descent as PyTorch does it, and ND4J's own
 * updaters by name.
 *
 * <p>Everything here is an ND4J {@link org.nd4j.linalg.learning.config.IUpdater} or makes one, and
 * serves in anyone's graph; schedules come from {@code core}. Start reading at {@link
 * io.github.condensenet4j.training.optimizer.NesterovSgd}.
 */
package io.github.condensenet4j.training.optimizer;
