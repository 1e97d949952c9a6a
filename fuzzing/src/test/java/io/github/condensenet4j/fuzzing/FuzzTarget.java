package io.github.condensenet4j.fuzzing;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.IOException;

/**
 * What Jazzer calls: gives its bytes to one reader, which must answer or refuse them in one line.
 * Anything else that is thrown is a finding, as is a name from the bytes that reaches a file, a
 * class or a process, which Jazzer watches.
 */
public final class FuzzTarget {

  private static FuzzedReader reader;

  private FuzzTarget() {}

  /** Chooses the reader by its name, once a process. */
  public static void fuzzerInitialize(String[] args) {
    reader = FuzzedReader.valueOf(args[0]);
  }

  /** Reads what the fuzzer made up. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    try {
      reader.read(bytes);
    } catch (InvalidFileException e) {
      if (e.getMessage().lines().count() != 1) {
        throw new AssertionError("a refusal of more than one line", e);
      }
    }
  }
}
