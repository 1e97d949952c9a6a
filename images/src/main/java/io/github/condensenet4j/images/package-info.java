/**
 * Pictures in plain Java: decoding, resizing, cropping and normalising with the results of Pillow
 * and torchvision, bit for bit.
 *
 * <p>Nothing here knows of models, datasets or arrays of a computing library. Start reading at
 * {@link io.github.condensenet4j.images.RgbImage}.
 */
package io.github.condensenet4j.images;
