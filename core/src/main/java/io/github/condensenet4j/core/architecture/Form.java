package io.github.condensenet4j.core.architecture;

/** The forms in which a network exists. */
public enum Form {
  /** With dense masked weights, as it is trained. */
  TRAINABLE,
  /**
   * With group convolutions on the connections that are left. CondenseNet's classifier also keeps
   * only the half of its inputs that weighs most.
   */
  CONDENSED,
  /** As {@link #CONDENSED}, but CondenseNet's classifier keeps all of its inputs. */
  CONDENSED_WHOLE_CLASSIFIER;

  /** Tells whether convolutions are condensed. */
  public boolean isCondensed() {
    return this != TRAINABLE;
  }
}
