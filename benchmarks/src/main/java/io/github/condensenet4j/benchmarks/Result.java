package io.github.condensenet4j.benchmarks;

import java.util.Map;

/** What comparing one case has found. */
interface Result {

  /** Returns the result as it stands in JSON. */
  Map<String, Object> toJson();

  /** Returns the result as one line of a table, its end included. */
  String toText();
}
