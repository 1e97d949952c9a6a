package io.github.condensenet4j.kernels.resampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds every pixel value against the formula of JFIF in exact arithmetic. */
class YccColourTest {

  @ParameterizedTest(name = "luminance {0}")
  @ValueSource(ints = {0, 1, 77, 128, 200, 255})
  void isTheFormulaToRounding(int luminance) {
    byte[] samples = new byte[3 * 256 * 256];
    for (int i = 0; i < 256 * 256; i++) {
      samples[3 * i] = (byte) luminance;
      samples[3 * i + 1] = (byte) (i >> 8);
      samples[3 * i + 2] = (byte) i;
    }

    YccColour.toRgb(samples, 3, 256 * 256);

    for (int i = 0; i < 256 * 256; i++) {
      int cb = (i >> 8) - 128;
      int cr = (i & 0xff) - 128;
      assertSample(samples[3 * i], luminance + 1.402 * cr);
      assertSample(samples[3 * i + 1], luminance - 0.344136 * cb - 0.714136 * cr);
      assertSample(samples[3 * i + 2], luminance + 1.772 * cb);
    }
  }

  private static void assertSample(byte sample, double exact) {
    double clipped = Math.max(0, Math.min(255, exact));
    // Half a level, and what 16 bits of the factors leave out.
    assertThat(Math.abs((sample & 0xff) - clipped)).isLessThan(0.502);
  }
}
