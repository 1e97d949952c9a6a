package io.github.condensenet4j.images;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.kernels.resampling.ResamplingKernels;
import io.github.condensenet4j.kernels.resampling.ResamplingProvider;
import java.util.List;

/**
 * Turns 8-bit samples into the numbers a network sees: {@code (sample / 255 - mean) / std}, a mean
 * and a standard deviation for each channel.
 *
 * <p>All three steps round to float, in this order, as torchvision's {@code ToTensor} and {@code
 * Normalize} do, so the results are equal to theirs to the bit.
 */
public final class Normalization {

  private final float[] mean;
  private final float[] std;
  private final float[][] tables;

  private Normalization(float[] mean, float[] std) {
    this.mean = mean;
    this.std = std;
    tables = new float[mean.length][256];
    for (int channel = 0; channel < tables.length; channel++) {
      for (int sample = 0; sample < 256; sample++) {
        tables[channel][sample] = (sample / 255f - mean[channel]) / std[channel];
      }
    }
  }

  /**
   * Returns the normalisation with these values, one a channel, on the scale 0…1.
   *
   * @throws InvalidOptionException if the lists differ in length
   */
  public static Normalization of(List<Double> mean, List<Double> std) {
    if (mean.size() != std.size()) {
      throw new InvalidOptionException(
          "mean has " + mean.size() + " values and std " + std.size() + ", one a channel expected");
    }
    return new Normalization(floats(mean), floats(std));
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  /** Returns what is subtracted from each channel, on the scale 0 to 1. */
  public float[] mean() {
    return mean.clone();
  }

  /** Returns what each channel is divided by after that. */
  public float[] std() {
    return std.clone();
  }

  /** Returns the number of channels. */
  public int channels() {
    return tables.length;
  }

  /**
   * Returns what each sample 0…255 of {@code channel} becomes; not to be changed.
   *
   * @param channel 0 to {@link #channels()} - 1
   */
  public float[] table(int channel) {
    return tables[channel];
  }

  /**
   * Writes {@code image} as planes {@code [3, height, width]} in C order to {@code planes} from
   * {@code offset} on.
   */
  public void apply(RgbImage image, float[] planes, int offset) {
    int pixels = image.width() * image.height();
    ResamplingKernels kernels = ResamplingProvider.kernels();
    for (int channel = 0; channel < 3; channel++) {
      kernels.normalize(
          image.pixels(),
          pixels,
          8 * channel,
          mean[channel],
          std[channel],
          planes,
          offset + channel * pixels);
    }
  }
}
