package io.github.condensenet4j.peer;

import java.util.List;

/** A program that answers how often it was asked. */
final class CountingProgram implements PeerServer.Opener {

  static final String DIES = "dies";

  public static void main(String[] args) {
    PeerServer.serveStandardStreams(new CountingProgram());
  }

  @Override
  public List<String> variants(PeerTask.Kind kind) {
    return List.of("by one", kind.toString());
  }

  @Override
  public Peer open(PeerTask task) {
    if (task.variant().equals(DIES)) {
      Runtime.getRuntime().halt(3);
    }
    if (task.threads() == 0) {
      throw new IllegalArgumentException("nobody counts with 0 threads");
    }
    return new Peer() {
      private int count;

      @Override
      public float[] answer() {
        System.out.println("printed between answers");
        return new float[] {
          count, task.readLabels().size(), task.model().architecture().numClasses()
        };
      }

      @Override
      public void run() {
        count++;
      }

      @Override
      public void close() {
        count = -1;
      }
    };
  }
}
