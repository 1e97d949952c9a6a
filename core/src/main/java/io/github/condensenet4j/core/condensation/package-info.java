/**
 * How connections are dropped in training and how the rest becomes a network of group convolutions.
 *
 * <p>{@link io.github.condensenet4j.core.condensation.CondensationSchedule} says when, {@link
 * io.github.condensenet4j.core.condensation.ConnectionGroups} which, {@link
 * io.github.condensenet4j.core.condensation.GroupLasso} makes it hurt less, and {@link
 * io.github.condensenet4j.core.condensation.Condenser} rewrites the weights at the end. All of it
 * works on plain arrays; training loops and layers live elsewhere.
 */
package io.github.condensenet4j.core.condensation;
