package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.peer.Peer;
import io.github.condensenet4j.peer.PeerServer;
import io.github.condensenet4j.peer.PeerTask;
import java.util.Arrays;
import java.util.List;

/** The entry point of {@code libtorch-peer.jar}: answers on standard output. */
public final class Main implements PeerServer.Opener {

  private Main() {}

  /** Answers until standard input ends. */
  public static void main(String[] args) {
    PeerServer.serveStandardStreams(new Main());
    System.exit(0);
  }

  @Override
  public List<String> variants(PeerTask.Kind kind) {
    return Arrays.stream(Variant.values())
        .filter(variant -> kind == PeerTask.Kind.INFERENCE || variant.isForTraining())
        .map(Variant::toString)
        .toList();
  }

  @Override
  public Peer open(PeerTask task) {
    return task.kind() == PeerTask.Kind.INFERENCE
        ? new InferencePeer(task)
        : new TrainingPeer(task);
  }
}
