package io.github.condensenet4j.core.json;

import io.github.condensenet4j.core.InvalidFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON text (RFC 8259) from left to right, without leniency. */
final class JsonReader {

  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 400;

  private final String text;
  private final String source;
  private int at;

  JsonReader(String text, String source) {
    this.text = text;
    this.source = source;
  }

  JsonValue read() {
    JsonValue value = value(0);
    skipBlanks();
    if (at < text.length()) {
      throw unexpected("the end");
    }
    return value;
  }

  private JsonValue value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidFileException(source, "is nested deeper than " + MAX_DEPTH + " levels");
    }
    skipBlanks();
    return new JsonValue(
        switch (peek()) {
          case '{' -> object(depth);
          case '[' -> list(depth);
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", null);
          default -> number();
        },
        source,
        "");
  }

  private Map<String, JsonValue> object(int depth) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    at++;
    if (accept('}')) {
      return Collections.unmodifiableMap(members);
    }
    do {
      skipBlanks();
      if (peek() != '"') {
        throw unexpected("a name in quotes");
      }
      String key = string();
      if (!accept(':')) {
        throw unexpected("':'");
      }
      if (members.put(key, value(depth + 1)) != null) {
        throw new InvalidFileException(source, where() + ": the member " + key + " occurs twice");
      }
    } while (accept(','));
    if (!accept('}')) {
      throw unexpected("',' or '}'");
    }
    return Collections.unmodifiableMap(members);
  }

  private List<JsonValue> list(int depth) {
    List<JsonValue> elements = new ArrayList<>();
    at++;
    if (accept(']')) {
      return List.of();
    }
    do {
      elements.add(value(depth + 1));
    } while (accept(','));
    if (!accept(']')) {
      throw unexpected("',' or ']'");
    }
    return Collections.unmodifiableList(elements);
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      char c = peek();
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < ' ') {
        throw unexpected("a closing quote");
      }
      at++;
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> {
        at--;
        throw unexpected("an escape such as \\n or \\u0041");
      }
    };
  }

  private char hexadecimal() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private JsonValue.Digits number() {
    int from = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits("a value");
    }
    if (peek() == '.') {
      at++;
      digits("a digit");
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits("a digit");
    }
    // The longest exact double has 767 digits, but nobody writes them and parsing them is slow.
    if (at - from > MAX_DIGITS) {
      throw new InvalidFileException(
          source, where() + ": a number of more than " + MAX_DIGITS + " digits");
    }
    return new JsonValue.Digits(text.substring(from, at));
  }

  private void digits(String expected) {
    if (!isDigit(peek())) {
      throw unexpected(expected);
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private boolean accept(char c) {
    skipBlanks();
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** Returns the next character; a control character, which is nowhere allowed, at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private InvalidFileException unexpected(String expected) {
    String found = at >= text.length() ? "the end" : "'" + text.charAt(at) + "'";
    return new InvalidFileException(
        source, where() + ": " + expected + " expected, found " + found);
  }

  private String where() {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return "line " + line + ", column " + (at - lineStart + 1);
  }
}
