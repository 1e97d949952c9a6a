/**
 * The image operations of RandAugment (Cubuk et al., 2020), with the arithmetic of the official
 * code's timm on Pillow.
 *
 * <p>Datasets, crops and batches are not here but in the package above, of which this one knows
 * nothing. Start with {@link io.github.condensenet4j.pipelines.augment.ImageOperation}.
 */
package io.github.condensenet4j.pipelines.augment;
