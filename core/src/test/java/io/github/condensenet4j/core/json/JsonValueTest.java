package io.github.condensenet4j.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {

  private static final String SAMPLE =
      """
      {"name": "a\\u00e4\\n\\"\\\\/", "stages": [4, 6, 8], "rate": 1e-05, "deep": {"on": true, "none": null},
       "long": 9223372036854775807, "words": ["x", ""], "empty": {}, "nothing": [] }
      """;

  @Test
  void readsEveryKindOfValue() {
    JsonValue json = JsonValue.parse(SAMPLE, "sample");
    assertThat(json.get("name").text()).isEqualTo("aä\n\"\\/");
    assertThat(json.get("stages").integers()).containsExactly(4, 6, 8);
    assertThat(json.get("rate").number()).isEqualTo(1e-5);
    assertThat(json.get("deep").get("on").bool()).isTrue();
    assertThat(json.get("deep").find("none")).isEmpty();
    assertThat(json.get("long").longInteger()).isEqualTo(Long.MAX_VALUE);
    assertThat(json.get("words").texts()).containsExactly("x", "");
    assertThat(json.keys()).startsWith("name", "stages", "rate").hasSize(8);
  }

  @Test
  void writesWhatItReads() {
    JsonValue json = JsonValue.parse(SAMPLE, "sample");
    assertThat(JsonValue.parse(json.toString(), "line")).isEqualTo(json);
    assertThat(JsonValue.parse(json.pretty(), "lines")).isEqualTo(json);
    assertThat(json.toString())
        .startsWith("{\"name\":\"aä\\n\\\"\\\\/\",\"stages\":[4,6,8],\"rate\":1e-05,");
  }

  @Test
  void writesJavaValues() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("float", 0.1f);
    map.put("double", 0.1);
    map.put("list", Arrays.asList(1, "two", null, Double.NaN, List.of()));
    map.put("ints", new int[] {1, 2});
    assertThat(JsonValue.of(map).toString())
        .isEqualTo(
            "{\"float\":0.1,\"double\":0.1,\"list\":[1,\"two\",null,null,[]],\"ints\":[1,2]}");
    assertThat(JsonValue.of(map).pretty())
        .isEqualTo(
            """
            {
              "float": 0.1,
              "double": 0.1,
              "list": [
                1,
                "two",
                null,
                null,
                []
              ],
              "ints": [1, 2]
            }
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "[1 2]",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "-",
        "NaN",
        "Infinity",
        "tru",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "1 2",
        "{\"a\":1,\"a\":2}",
        "// c\n1",
        "\ufeff1"
      })
  void refusesWhatIsNotStrictlyJson(String text) {
    assertThatThrownBy(() -> JsonValue.parse(text, "text"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("text: ")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"b\":[1,\"x\"]}} | f: a.b[1] is \"x\", a whole number expected",
        "{\"a\":{\"b\":1}}         | f: a.b is 1, a list expected",
        "{\"a\":{}}                | f: a has no member b",
        "{\"a\":{\"b\":null}}      | f: a has no member b",
        "{}                        | f: the whole has no member a",
        "[]                        | f: the whole is [], an object expected",
        "{\"a\":{\"b\":[1.5]}}     | f: a.b[0] is 1.5, a whole number expected",
        "{\"a\":{\"b\":[4294967296]}} | f: a.b[0] is 4294967296, a number between -2^31 and 2^31 -"
            + " 1 expected",
      })
  void saysWhereSomethingElseWasExpected(String text, String message) {
    assertThatThrownBy(() -> JsonValue.parse(text, "f").get("a").get("b").integers())
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(message);
  }

  @Test
  void namesLineAndColumn() {
    assertThatThrownBy(() -> JsonValue.parse("{\n  \"a\": 1\n  \"b\": 2}", "f.json"))
        .hasMessage("f.json: line 3, column 3: ',' or '}' expected, found '\"'");
  }

  @Test
  void refusesDeepNestingAndLongNumbersAndBadUtf8() {
    assertThatThrownBy(() -> JsonValue.parse("[".repeat(100_000), "f"))
        .hasMessageContaining("nested deeper than 64");
    assertThat(JsonValue.parse("[".repeat(60) + "]".repeat(60), "f").isList()).isTrue();
    assertThatThrownBy(() -> JsonValue.parse("1".repeat(1000), "f"))
        .hasMessageContaining("more than 400 digits");
    assertThatThrownBy(() -> JsonValue.parse(new byte[] {'"', (byte) 0xff, '"'}, "f"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void eitherReadsOrRefusesDamagedText() {
    byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(sample, random.nextInt(sample.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        JsonValue.parse(damaged, "damaged");
      } catch (InvalidFileException e) {
        assertThat(e).hasMessageStartingWith("damaged: ");
      }
    }
  }
}
