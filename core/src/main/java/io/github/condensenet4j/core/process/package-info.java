/**
 * Starting Java again: some settings (modules, numbers of processors, variables that native
 * libraries read) can be given to a process only at its start.
 *
 * <p>What a program needs is its own matter; here is how it comes by a process that has it. Start
 * reading at {@link io.github.condensenet4j.core.process.JavaProcess}.
 */
package io.github.condensenet4j.core.process;
