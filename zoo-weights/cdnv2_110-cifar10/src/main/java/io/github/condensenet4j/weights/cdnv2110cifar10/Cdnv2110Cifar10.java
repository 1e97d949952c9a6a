package io.github.condensenet4j.weights.cdnv2110cifar10;

import io.github.condensenet4j.core.pretrained.PretrainedModel;

/** CondenseNetV2-110 for CIFAR-10; its card says how it was trained and how good it is. */
public final class Cdnv2110Cifar10 extends PretrainedModel {

  /** For {@link java.util.ServiceLoader}. */
  public Cdnv2110Cifar10() {}
}
