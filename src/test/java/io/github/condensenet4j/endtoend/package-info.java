/**
 * The product as a user meets it: the built jar started as a process, the README's commands, and
 * the rules between modules. Start reading at {@link io.github.condensenet4j.endtoend.Jar}.
 */
package io.github.condensenet4j.endtoend;
