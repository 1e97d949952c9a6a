package io.github.condensenet4j.core.json;

import java.util.List;
import java.util.Map;

/** Writes values as text, always alike: members in their order, ASCII escapes only where needed. */
final class JsonWriter {

  /** Lists of numbers and texts up to this many characters stay on one line. */
  private static final int LINE = 100;

  private final boolean isPretty;
  private final StringBuilder out = new StringBuilder();

  JsonWriter(boolean isPretty) {
    this.isPretty = isPretty;
  }

  String write(Object value) {
    write(value, 0);
    return out.toString();
  }

  private void write(Object value, int level) {
    if (value instanceof Map<?, ?> members) {
      object(members, level);
    } else if (value instanceof List<?> elements) {
      list(elements, level);
    } else if (value instanceof String text) {
      quote(text);
    } else if (value instanceof JsonValue.Digits digits) {
      out.append(digits.text());
    } else {
      out.append(value);
    }
  }

  private void object(Map<?, ?> members, int level) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> member : members.entrySet()) {
      out.append(separator);
      separator = ",";
      line(level + 1);
      quote((String) member.getKey());
      out.append(isPretty ? ": " : ":");
      write(((JsonValue) member.getValue()).value(), level + 1);
    }
    if (!members.isEmpty()) {
      line(level);
    }
    out.append('}');
  }

  private void list(List<?> elements, int level) {
    if (isPretty && !fitsOneLine(elements)) {
      out.append('[');
      String separator = "";
      for (Object element : elements) {
        out.append(separator);
        separator = ",";
        line(level + 1);
        write(((JsonValue) element).value(), level + 1);
      }
      line(level);
      out.append(']');
      return;
    }
    out.append('[');
    String separator = "";
    for (Object element : elements) {
      out.append(separator);
      separator = isPretty ? ", " : ",";
      write(((JsonValue) element).value(), level);
    }
    out.append(']');
  }

  private static boolean fitsOneLine(List<?> elements) {
    int length = 0;
    for (Object element : elements) {
      JsonValue value = (JsonValue) element;
      if (value.isObject() || value.isList()) {
        return false;
      }
      length += value.toString().length() + 2;
      if (length > LINE) {
        return false;
      }
    }
    return true;
  }

  private void line(int level) {
    if (isPretty) {
      out.append('\n').append("  ".repeat(level));
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 || isLoneSurrogate(text, i)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Half a pair cannot be encoded in UTF-8 and must be escaped. */
  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
