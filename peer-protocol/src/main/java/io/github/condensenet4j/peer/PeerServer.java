package io.github.condensenet4j.peer;

import io.github.condensenet4j.core.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The end of the conversation that computes: answers each line of JSON with one.
 *
 * <pre>
 * {"do": "variants", "kind": "inference"}   → {"variants": ["…", …]}
 * {"do": "open", "task": {…}}               → {"peer": number}
 * {"do": "answer", "peer": number}          → {"answer": [numbers]}
 * {"do": "run", "peer": number, "calls": n} → {"millis": milliseconds of all calls}
 * {"do": "close", "peer": number}           → {}
 * {"do": "peak"}                            → {"peakBytes": bytes}
 * </pre>
 *
 * <p>What goes wrong is answered as {@code {"error": "…"}}.
 */
public final class PeerServer {

  /** What a process can do. */
  public interface Opener {

    /** Returns the ways in which tasks of {@code kind} can be computed. */
    List<String> variants(PeerTask.Kind kind);

    /** Prepares {@code task}. */
    Peer open(PeerTask task);
  }

  private final Opener opener;
  private final Map<Integer, Peer> peers = new TreeMap<>();
  private int opened;

  private PeerServer(Opener opener) {
    this.opener = opener;
  }

  /** Does {@link #serve} on standard input and output. */
  public static void serveStandardStreams(Opener opener) {
    PrintStream answers = System.out;
    // Whatever a library prints must not get between the answers.
    System.setOut(System.err);
    serve(System.in, answers, opener);
  }

  /** Answers until {@code in} ends, then closes what is open. */
  public static void serve(InputStream in, PrintStream out, Opener opener) {
    PeerServer server = new PeerServer(opener);
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.println(JsonValue.of(server.answer(line)));
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      server.peers.values().forEach(Peer::close);
    }
  }

  private Map<String, Object> answer(String line) {
    try {
      return answer(JsonValue.parse(line, "request"));
    } catch (RuntimeException | LinkageError e) {
      return Map.of("error", String.valueOf(e.getMessage()));
    }
  }

  private Map<String, Object> answer(JsonValue request) {
    String what = request.get("do").text();
    return switch (what) {
      case "variants" -> Map.of("variants", opener.variants(PeerTask.Kind.of(request.get("kind"))));
      case "open" -> {
        peers.put(opened, opener.open(PeerTask.of(request.get("task"))));
        yield Map.of("peer", opened++);
      }
      case "answer" -> Map.of("answer", peer(request).answer());
      case "run" -> Map.of("millis", millis(peer(request), request.get("calls").integer()));
      case "close" -> {
        peer(request).close();
        peers.remove(request.get("peer").integer());
        yield Map.of();
      }
      case "peak" -> Map.of("peakBytes", PeakMemory.bytes());
      default -> throw new IllegalArgumentException("nobody knows how to do " + what);
    };
  }

  private Peer peer(JsonValue request) {
    Peer peer = peers.get(request.get("peer").integer());
    if (peer == null) {
      throw new IllegalArgumentException("nothing is open as " + request.get("peer"));
    }
    return peer;
  }

  private static double millis(Peer peer, int calls) {
    long start = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      peer.run();
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
