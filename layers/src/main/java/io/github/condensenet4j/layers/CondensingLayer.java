package io.github.condensenet4j.layers;

import java.util.List;

/** A runtime layer with weights whose connections are dropped while they are trained. */
public interface CondensingLayer {

  /** Returns the layer's learned connections, in the order of the official code; may be empty. */
  List<LearnedConnections> learnedConnections();
}
