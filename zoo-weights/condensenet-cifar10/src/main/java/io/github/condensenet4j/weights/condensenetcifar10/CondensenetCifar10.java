package io.github.condensenet4j.weights.condensenetcifar10;

import io.github.condensenet4j.core.pretrained.PretrainedModel;

/** A small CondenseNet for CIFAR-10; its card says how it was trained and how good it is. */
public final class CondensenetCifar10 extends PretrainedModel {

  /** For {@link java.util.ServiceLoader}. */
  public CondensenetCifar10() {}
}
