package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#packImage} and {@link TrainingKernels#packImages} where a vector holds a
 * row of pixels or, with the zeros behind them, two.
 *
 * <p>The second of two rows is read from as many numbers before it as there are zeros between them,
 * so that its pixels come to their lanes: moving lanes takes more instructions than another load.
 * What is left of a last vector falls behind the image, where callers write afterwards.
 */
final class SimdNarrowImages {

  private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /** All bits of the lanes that hold a pixel, by width, for one row. */
  private static final int[][] PIXELS_OF_ONE = new int[LANES + 1][LANES];

  /** The same by width and pitch, for two rows. */
  private static final int[][][] PIXELS_OF_TWO = new int[LANES + 1][LANES + 1][LANES];

  /** The lanes of the second row, by pitch. */
  private static final boolean[][] SECOND = new boolean[LANES + 1][LANES];

  static {
    for (int width = 0; width <= LANES; width++) {
      for (int lane = 0; lane < LANES; lane++) {
        PIXELS_OF_ONE[width][lane] = lane < width ? -1 : 0;
        SECOND[width][lane] = lane >= width;
        for (int pitch = Math.max(1, width); pitch <= LANES; pitch++) {
          PIXELS_OF_TWO[width][pitch][lane] = lane < 2 * pitch && lane % pitch < width ? -1 : 0;
        }
      }
    }
  }

  private SimdNarrowImages() {}

  /** Tells whether a vector holds a row of pixels. */
  static boolean holdsRow(int width) {
    return width <= LANES;
  }

  /**
   * Tells whether a vector holds two rows with what is behind them, and can be read at {@code at}.
   */
  static boolean holdsTwoRows(int width, int height, int pitch, int at) {
    return height > 1 && 2 * pitch <= LANES && at >= pitch - width;
  }

  /** Packs images of four channels row by row; {@code f} is not hard-swish. */
  static void fourByRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int n,
      int first,
      int width,
      int height,
      int images,
      float[] y,
      int[] yAt,
      int yFirst,
      int pitch,
      int plane) {
    int floor = SimdPacking.floor(f);
    IntVector pixels = IntVector.fromArray(INTS, PIXELS_OF_ONE[width], 0);
    int row0 = numbers[n];
    float[] x0 = rows[row0];
    int at0 = rowsAt[row0] + first;
    FloatVector m0 = FloatVector.broadcast(SPECIES, mean[row0]);
    FloatVector s0 = FloatVector.broadcast(SPECIES, scale[row0]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row0]);
    int to0 = yAt[n] + yFirst;
    int row1 = numbers[n + 1];
    float[] x1 = rows[row1];
    int at1 = rowsAt[row1] + first;
    FloatVector m1 = FloatVector.broadcast(SPECIES, mean[row1]);
    FloatVector s1 = FloatVector.broadcast(SPECIES, scale[row1]);
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row1]);
    int to1 = yAt[n + 1] + yFirst;
    int row2 = numbers[n + 2];
    float[] x2 = rows[row2];
    int at2 = rowsAt[row2] + first;
    FloatVector m2 = FloatVector.broadcast(SPECIES, mean[row2]);
    FloatVector s2 = FloatVector.broadcast(SPECIES, scale[row2]);
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row2]);
    int to2 = yAt[n + 2] + yFirst;
    int row3 = numbers[n + 3];
    float[] x3 = rows[row3];
    int at3 = rowsAt[row3] + first;
    FloatVector m3 = FloatVector.broadcast(SPECIES, mean[row3]);
    FloatVector s3 = FloatVector.broadcast(SPECIES, scale[row3]);
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row3]);
    int to3 = yAt[n + 3] + yFirst;
    for (int image = 0; image < images; image++) {
      for (int row = 0; row < height; row++) {
        int from = image * height * width + row * width;
        int to = image * plane + row * pitch;
        FloatVector.fromArray(SPECIES, x0, at0 + from)
            .sub(m0)
            .fma(s0, b0)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to0 + to);
        FloatVector.fromArray(SPECIES, x1, at1 + from)
            .sub(m1)
            .fma(s1, b1)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to1 + to);
        FloatVector.fromArray(SPECIES, x2, at2 + from)
            .sub(m2)
            .fma(s2, b2)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to2 + to);
        FloatVector.fromArray(SPECIES, x3, at3 + from)
            .sub(m3)
            .fma(s3, b3)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to3 + to);
        for (int i = to + LANES; i < to + pitch; i++) {
          y[to0 + i] = 0;
          y[to1 + i] = 0;
          y[to2 + i] = 0;
          y[to3 + i] = 0;
        }
      }
    }
  }

  /** Packs images of four channels two rows at a time; {@code f} is not hard-swish. */
  static void fourByPairs(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int n,
      int first,
      int width,
      int height,
      int images,
      float[] y,
      int[] yAt,
      int yFirst,
      int pitch,
      int plane) {
    int floor = SimdPacking.floor(f);
    IntVector pixels = IntVector.fromArray(INTS, PIXELS_OF_TWO[width][pitch], 0);
    VectorMask<Float> second = VectorMask.fromArray(SPECIES, SECOND[pitch], 0);
    int gap = pitch - width;
    int row0 = numbers[n];
    float[] x0 = rows[row0];
    int at0 = rowsAt[row0] + first;
    FloatVector m0 = FloatVector.broadcast(SPECIES, mean[row0]);
    FloatVector s0 = FloatVector.broadcast(SPECIES, scale[row0]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row0]);
    int to0 = yAt[n] + yFirst;
    int row1 = numbers[n + 1];
    float[] x1 = rows[row1];
    int at1 = rowsAt[row1] + first;
    FloatVector m1 = FloatVector.broadcast(SPECIES, mean[row1]);
    FloatVector s1 = FloatVector.broadcast(SPECIES, scale[row1]);
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row1]);
    int to1 = yAt[n + 1] + yFirst;
    int row2 = numbers[n + 2];
    float[] x2 = rows[row2];
    int at2 = rowsAt[row2] + first;
    FloatVector m2 = FloatVector.broadcast(SPECIES, mean[row2]);
    FloatVector s2 = FloatVector.broadcast(SPECIES, scale[row2]);
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row2]);
    int to2 = yAt[n + 2] + yFirst;
    int row3 = numbers[n + 3];
    float[] x3 = rows[row3];
    int at3 = rowsAt[row3] + first;
    FloatVector m3 = FloatVector.broadcast(SPECIES, mean[row3]);
    FloatVector s3 = FloatVector.broadcast(SPECIES, scale[row3]);
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row3]);
    int to3 = yAt[n + 3] + yFirst;
    for (int image = 0; image < images; image++) {
      for (int row = 0; row < height; row += 2) {
        // The last row of an odd number is packed with the one before it, once more.
        int upper = Math.min(row, height - 2);
        int from = image * height * width + upper * width;
        int to = image * plane + upper * pitch;
        FloatVector.fromArray(SPECIES, x0, at0 + from)
            .blend(FloatVector.fromArray(SPECIES, x0, at0 + from - gap), second)
            .sub(m0)
            .fma(s0, b0)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to0 + to);
        FloatVector.fromArray(SPECIES, x1, at1 + from)
            .blend(FloatVector.fromArray(SPECIES, x1, at1 + from - gap), second)
            .sub(m1)
            .fma(s1, b1)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to1 + to);
        FloatVector.fromArray(SPECIES, x2, at2 + from)
            .blend(FloatVector.fromArray(SPECIES, x2, at2 + from - gap), second)
            .sub(m2)
            .fma(s2, b2)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to2 + to);
        FloatVector.fromArray(SPECIES, x3, at3 + from)
            .blend(FloatVector.fromArray(SPECIES, x3, at3 + from - gap), second)
            .sub(m3)
            .fma(s3, b3)
            .reinterpretAsInts()
            .max(floor)
            .and(pixels)
            .reinterpretAsFloats()
            .intoArray(y, to3 + to);
      }
    }
  }

  /**
   * Packs images of one channel that go through hard-swish, two rows at a time where {@code pairs}.
   * Both loops are in one method for the reason that {@link SimdPacking} gives.
   */
  static void hardSwish(
      boolean pairs,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int width,
      int height,
      int images,
      float[] y,
      int yAt,
      int pitch,
      int plane) {
    FloatVector m = FloatVector.broadcast(SPECIES, mean);
    FloatVector s = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    FloatVector sixth = FloatVector.broadcast(SPECIES, SimdPacking.SIXTH);
    if (pairs) {
      IntVector pixels = IntVector.fromArray(INTS, PIXELS_OF_TWO[width][pitch], 0);
      VectorMask<Float> second = VectorMask.fromArray(SPECIES, SECOND[pitch], 0);
      int gap = pitch - width;
      for (int image = 0; image < images; image++) {
        for (int row = 0; row < height; row += 2) {
          int upper = Math.min(row, height - 2);
          int from = xAt + (image * height + upper) * width;
          FloatVector z =
              FloatVector.fromArray(SPECIES, x, from)
                  .blend(FloatVector.fromArray(SPECIES, x, from - gap), second)
                  .sub(m)
                  .fma(s, b);
          z.mul(SimdPacking.relu6(z.add(3f)))
              .mul(sixth)
              .reinterpretAsInts()
              .and(pixels)
              .reinterpretAsFloats()
              .intoArray(y, yAt + image * plane + upper * pitch);
        }
      }
    } else {
      IntVector pixels = IntVector.fromArray(INTS, PIXELS_OF_ONE[width], 0);
      for (int image = 0; image < images; image++) {
        for (int row = 0; row < height; row++) {
          int to = yAt + image * plane + row * pitch;
          FloatVector z =
              FloatVector.fromArray(SPECIES, x, xAt + (image * height + row) * width)
                  .sub(m)
                  .fma(s, b);
          z.mul(SimdPacking.relu6(z.add(3f)))
              .mul(sixth)
              .reinterpretAsInts()
              .and(pixels)
              .reinterpretAsFloats()
              .intoArray(y, to);
          for (int i = to + LANES; i < to + pitch; i++) {
            y[i] = 0;
          }
        }
      }
    }
  }
}
