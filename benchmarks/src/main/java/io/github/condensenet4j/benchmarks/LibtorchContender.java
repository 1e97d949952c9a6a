package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.peer.PeerProcess;
import io.github.condensenet4j.peer.PeerTask;

/** libtorch, in a process of its own. */
final class LibtorchContender implements Contender {

  private final PeerProcess.Opened opened;

  LibtorchContender(PeerProcess process, PeerTask task) {
    opened = process.open(task);
  }

  @Override
  public double millis(int calls) {
    return opened.millis(calls);
  }

  @Override
  public float[] logits() {
    return opened.answer();
  }

  @Override
  public void close() {
    opened.close();
  }
}
