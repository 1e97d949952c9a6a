package io.github.condensenet4j.training.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.training.evaluation.EvaluationResult;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class RunReportTest {

  private static final int BATCHES = 50;

  /** Returns the report of a run that learns along made-up curves. */
  static RunReport report(int epochs, boolean evaluated, boolean withSteps) {
    List<EpochRecord> rows =
        IntStream.range(0, epochs)
            .mapToObj(
                e -> {
                  double share = (e + 1.0) / epochs;
                  EvaluationResult raw =
                      new EvaluationResult(
                          20 + 65 * share, 80 + 19 * share, 2.2 - 1.6 * share, 0, 0, List.of());
                  EvaluationResult ema =
                      new EvaluationResult(
                          15 + 73 * share, 79 + 20 * share, 2.3 - 1.8 * share, 0, 0, List.of());
                  return new EpochRecord(
                      e,
                      0.1 * (1 - share),
                      2.3 - 1.5 * Math.sqrt(share),
                      evaluated ? Optional.of(raw) : Optional.empty(),
                      evaluated ? Optional.of(ema) : Optional.empty(),
                      Math.max(0.25, 1 - Math.floor(6 * share) / 4),
                      612.4,
                      81.6,
                      1.9,
                      0);
                })
            .toList();
    List<StepRecord> steps =
        IntStream.range(0, withSteps ? epochs * BATCHES : 0)
            .mapToObj(
                s -> {
                  double share = s / (double) (epochs * BATCHES);
                  double noise = 0.15 * Math.sin(s * 12.9898) * Math.cos(s * 78.233);
                  return new StepRecord(
                      s,
                      s / BATCHES,
                      s % BATCHES,
                      share,
                      0.05 * (1 + Math.cos(Math.PI * share)),
                      2.3 - 1.5 * Math.sqrt(share) + noise,
                      Math.max(0.25, 1 - Math.floor(6 * share) / 4));
                })
            .toList();
    return new RunReport(
        "cdnv2_110 <&\">",
        "Finished.",
        Map.of("Parameters, condensed", "490,114"),
        rows,
        steps,
        BATCHES,
        Map.of("lr", "0.1", "data", "a <b> & \"c\""));
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, false",
    "0, false, true",
    "1, true, false",
    "1, false, true",
    "12, true, true",
    "300, true, false"
  })
  void isAPageOfItsOwnWithWellFormedPictures(int epochs, boolean evaluated, boolean withSteps)
      throws Exception {
    String html = report(epochs, evaluated, withSteps).toHtml();

    assertThat(html).startsWith("<!doctype html>").endsWith("</html>\n");
    assertThat(html).doesNotContain("src=", "href=", "url(", "@import", "NaN", "Infinity");
    Matcher pictures = Pattern.compile("<svg .*?</svg>", Pattern.DOTALL).matcher(html);
    int count = 0;
    while (pictures.find()) {
      Document picture =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(pictures.group())));
      assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
      count++;
    }
    assertThat(count).isEqualTo(evaluated && epochs > 0 ? 4 : 3);
  }

  @Test
  void escapesWhatUsersWrote() {
    assertThat(report(2, true, false).toHtml())
        .contains("cdnv2_110 &lt;&amp;&quot;&gt;", "a &lt;b&gt; &amp; &quot;c&quot;")
        .doesNotContain("<b>\u00a0&");
  }

  @Test
  void marksTheBestEpoch() {
    assertThat(report(3, true, false).toHtml())
        .contains("<tr class=\"best\"><td>2</td>", "88.00 %");
  }

  @Test
  void staysSmallHoweverLongTheRun() {
    assertThat(report(300, true, true).toHtml().length()).isLessThan(400_000);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "0.1, 0.1",
    "2.302585, 2.303",
    "97.25, 97.25",
    "1234567, 1234567",
    "0.00012, 1.2e-04",
    "-0.5, -0.5",
    "100, 100"
  })
  void labelsValuesShortly(double value, String label) {
    assertThat(Axis.label(value)).isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 5, 6", "0, 12, 10, 7", "0.013, 0.014, 5, 6", "-3, 3, 6, 7"})
  void placesRoundTicksWithinTheRange(double low, double high, int most, int expected) {
    assertThat(new Axis(low, high).ticks(most))
        .hasSize(expected)
        .allSatisfy(tick -> assertThat(tick).isBetween(low - 1e-9, high + 1e-9));
  }
}
