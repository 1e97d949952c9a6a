package io.github.condensenet4j.core.pretrained;

/** The one class of a weights artifact; its resources lie in the folder that it is loaded from. */
public final class SampleModel extends PretrainedModel {}
