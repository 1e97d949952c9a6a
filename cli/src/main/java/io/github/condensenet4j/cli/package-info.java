/**
 * The command line program: options, progress, tables and error messages around what the other
 * modules do.
 *
 * <p>Nothing is computed here. Every subcommand is a class whose name ends in {@code Command}; what
 * several of them take lives in classes whose names end in {@code Options}. Start reading at {@link
 * io.github.condensenet4j.cli.Program}, which parses, runs and turns exceptions into one line and
 * an exit code.
 */
package io.github.condensenet4j.cli;
