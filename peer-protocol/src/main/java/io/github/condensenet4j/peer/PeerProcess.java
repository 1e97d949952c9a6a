package io.github.condensenet4j.peer;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The benchmark's end of the conversation: a process of its own that computes when it is asked to.
 *
 * <p>Times are taken inside the process, so that the conversation costs nothing. The process ends
 * when this one does, because its standard input ends then.
 */
public final class PeerProcess implements AutoCloseable {

  private static final long SECONDS_TO_END = 20;

  private final String name;
  private final Process process;
  private final PrintWriter requests;
  private final BufferedReader answers;

  private PeerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.requests = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a process that answers as {@link PeerServer} does.
   *
   * @param name what messages call it
   * @param environment variables that it gets beside those of this process
   */
  public static PeerProcess start(
      String name, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return new PeerProcess(name, builder.start());
    } catch (IOException e) {
      throw new CondenseNetException(
          "the process of %s cannot be started: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Returns the ways in which the process can compute tasks of {@code kind}. */
  public List<String> variants(PeerTask.Kind kind) {
    return ask(Map.of("do", "variants", "kind", kind.toString())).get("variants").texts();
  }

  /** Prepares {@code task}; several may be open at once. */
  public Opened open(PeerTask task) {
    return new Opened(ask(Map.of("do", "open", "task", task.toJson())).get("peer").integer());
  }

  /** Returns the most bytes that the process ever had in memory; 0 where that is not known. */
  public long peakBytes() {
    return ask(Map.of("do", "peak")).get("peakBytes").longInteger();
  }

  private JsonValue ask(Map<String, Object> request) {
    requests.println(JsonValue.of(request));
    JsonValue answer = JsonValue.parse(nextLine(), name);
    answer
        .find("error")
        .ifPresent(
            error -> {
              throw new CondenseNetException(name + " failed: " + error.text());
            });
    return answer;
  }

  private String nextLine() {
    try {
      String line = answers.readLine();
      if (line != null) {
        return line;
      }
    } catch (IOException e) {
      throw new CondenseNetException(
          "the process of %s does not answer: %s".formatted(name, e.getMessage()), e);
    }
    throw new CondenseNetException(
        "the process of %s has ended; what it said last stands above".formatted(name));
  }

  /** Lets the process end. */
  @Override
  public void close() {
    requests.close();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** A task that the process has prepared. */
  public final class Opened implements AutoCloseable {

    private final int number;

    private Opened(int number) {
      this.number = number;
    }

    /** Computes once and returns what {@link Peer#answer} returns. */
    public float[] answer() {
      double[] numbers = ask(Map.of("do", "answer", "peer", number)).get("answer").numbers();
      float[] answer = new float[numbers.length];
      for (int i = 0; i < answer.length; i++) {
        answer[i] = (float) numbers[i];
      }
      return answer;
    }

    /** Computes {@code calls} times and returns the milliseconds of one. */
    public double millis(int calls) {
      Map<String, Object> request = Map.of("do", "run", "peer", number, "calls", calls);
      return ask(request).get("millis").number() / calls;
    }

    /** Lets the process forget the task. */
    @Override
    public void close() {
      ask(Map.of("do", "close", "peer", number));
    }
  }
}
