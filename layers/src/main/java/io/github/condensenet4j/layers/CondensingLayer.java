package io.github.condensenet4j.layers;

import java.util.List;

/** A runtime layer of this module, as training sees it. */
public interface CondensingLayer {

  /** Returns the layer's learned connections, in the order of the official code; may be empty. */
  List<LearnedConnections> learnedConnections();

  /**
   * Says that nobody asks for the gradient of the layer's input, which is the network's own: from
   * now on {@code backpropGradient} returns null for it, as Deeplearning4j's embeddings do.
   */
  void omitInputGradient();
}
