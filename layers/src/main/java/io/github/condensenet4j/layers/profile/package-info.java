/** Where the time of a training step goes: {@link StepProfile}. */
package io.github.condensenet4j.layers.profile;
