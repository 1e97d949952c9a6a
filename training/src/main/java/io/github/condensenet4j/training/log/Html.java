package io.github.condensenet4j.training.log;

/** Text for a page. */
final class Html {

  private Html() {}

  /** Returns {@code text} as it stands between tags and in attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
