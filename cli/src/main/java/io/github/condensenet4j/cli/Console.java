package io.github.condensenet4j.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results only; with {@code --format json} nothing but the JSON
 * @param log everything that a person may want to see meanwhile, and errors
 */
record Console(PrintStream out, PrintStream log) {}
