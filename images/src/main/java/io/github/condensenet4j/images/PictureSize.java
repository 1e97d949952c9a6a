package io.github.condensenet4j.images;

/**
 * The size of a picture, in pixels.
 *
 * @param width at least 1
 * @param height at least 1
 */
public record PictureSize(int width, int height) {}
