/** Coverage-guided fuzzing of the readers of foreign files, with Jazzer. */
package io.github.condensenet4j.fuzzing;
