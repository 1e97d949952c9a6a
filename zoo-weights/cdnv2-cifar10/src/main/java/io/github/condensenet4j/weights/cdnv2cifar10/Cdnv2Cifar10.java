package io.github.condensenet4j.weights.cdnv2cifar10;

import io.github.condensenet4j.core.pretrained.PretrainedModel;

/** A small CondenseNetV2 for CIFAR-10; its card says how it was trained and how good it is. */
public final class Cdnv2Cifar10 extends PretrainedModel {

  /** For {@link java.util.ServiceLoader}. */
  public Cdnv2Cifar10() {}
}
