package io.github.condensenet4j.kernels.training;

import java.util.Arrays;

/** The operations in plain loops, written to be read. */
final class ScalarTrainingKernels implements TrainingKernels {

  private static final int PANEL = 16;

  @Override
  public String description() {
    return "plain loops";
  }

  @Override
  public int panel() {
    return PANEL;
  }

  private static int at(int start, int step, int column) {
    return start + column / PANEL * step + column % PANEL;
  }

  @Override
  public void pack(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    for (int i = 0; i < columns; i++) {
      y[at(yAt, step, i)] = f.of((x[xAt + i] - mean) * scale + bias);
    }
    for (int i = columns; i % PANEL != 0; i++) {
      y[at(yAt, step, i)] = 0;
    }
  }

  @Override
  public void packRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int first,
      int columns,
      float[] y,
      int[] yAt,
      int step) {
    for (int n = 0; n < numbers.length; n++) {
      int row = numbers[n];
      int at = rowsAt[row] + first;
      pack(f, mean[row], scale[row], bias[row], rows[row], at, columns, y, yAt[n], step);
    }
  }

  @Override
  public void packImage(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int width,
      int height,
      float[] y,
      int yAt,
      int pitch) {
    packPixels(f, mean, scale, bias, x, xAt, width, height, y, yAt, pitch);
  }

  /** Does what {@link #packImage} does. */
  static void packPixels(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int width,
      int height,
      float[] y,
      int yAt,
      int pitch) {
    for (int row = 0; row < height; row++) {
      int to = yAt + row * pitch;
      for (int i = 0; i < width; i++) {
        y[to + i] = f.of((x[xAt + row * width + i] - mean) * scale + bias);
      }
      Arrays.fill(y, to + width, to + pitch, 0);
    }
  }

  @Override
  public void packImages(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int first,
      int width,
      int height,
      int images,
      float[] y,
      int[] yAt,
      int yFirst,
      int pitch,
      int plane) {
    for (int n = 0; n < numbers.length; n++) {
      int row = numbers[n];
      for (int image = 0; image < images; image++) {
        int at = rowsAt[row] + first + image * width * height;
        int to = yAt[n] + yFirst + image * plane;
        packImage(f, mean[row], scale[row], bias[row], rows[row], at, width, height, y, to, pitch);
      }
    }
  }

  @Override
  public void poolPairs(float[] x, int xAt, int width, int height, float[] y, int yAt) {
    for (int row = 0; row < height / 2; row++) {
      int from = xAt + 2 * row * width;
      poolRows(x, from, from + width, width / 2, y, yAt + row * (width / 2));
    }
  }

  /** Pools {@code across} squares of two rows of pixels. */
  static void poolRows(float[] x, int upper, int lower, int across, float[] y, int yAt) {
    for (int i = 0; i < across; i++) {
      int left = 2 * i;
      y[yAt + i] =
          0.25f
              * ((x[upper + left] + x[lower + left]) + (x[upper + left + 1] + x[lower + left + 1]));
    }
  }

  @Override
  public void splitPairs(float[] x, int xAt, int pairs, float[] y, int evenAt, int oddAt) {
    splitRow(x, xAt, pairs, y, evenAt, oddAt);
  }

  /** Does what {@link #splitPairs} does. */
  static void splitRow(float[] x, int xAt, int pairs, float[] y, int evenAt, int oddAt) {
    for (int i = 0; i < pairs; i++) {
      y[evenAt + i] = x[xAt + 2 * i];
      y[oddAt + i] = x[xAt + 2 * i + 1];
    }
  }

  @Override
  public void spreadPairs(float[] y, int yAt, float[] x, int xAt, int width, int height) {
    int across = width / 2;
    for (int row = 0; row + 1 < height; row += 2) {
      int upper = xAt + row * width;
      spreadRows(y, yAt + row / 2 * across, across, x, upper, upper + width);
      clearLastColumn(x, upper, width);
    }
    clearLastRow(x, xAt, width, height);
  }

  /** Spreads the numbers of {@code across} squares over two rows of pixels. */
  static void spreadRows(float[] y, int yAt, int across, float[] x, int upper, int lower) {
    for (int i = 0; i < across; i++) {
      float share = y[yAt + i] * 0.25f;
      x[upper + 2 * i] = share;
      x[upper + 2 * i + 1] = share;
      x[lower + 2 * i] = share;
      x[lower + 2 * i + 1] = share;
    }
  }

  /** Clears what no square of two rows of pixels covers. */
  static void clearLastColumn(float[] x, int upper, int width) {
    if (width % 2 != 0) {
      x[upper + width - 1] = 0;
      x[upper + 2 * width - 1] = 0;
    }
  }

  /** Clears the row of an image that no square covers. */
  static void clearLastRow(float[] x, int xAt, int width, int height) {
    if (height % 2 != 0) {
      Arrays.fill(x, xAt + (height - 1) * width, xAt + height * width, 0);
    }
  }

  @Override
  public void unframe(
      float[] x,
      int xAt,
      int width,
      int height,
      int images,
      int pitch,
      int plane,
      float[] y,
      int yAt) {
    takeOut(x, xAt, width, height, 0, images * height, pitch, plane, y, yAt);
  }

  /** Takes the rows of pixels {@code from} to before {@code end} out of a frame. */
  static void takeOut(
      float[] x,
      int xAt,
      int width,
      int height,
      int from,
      int end,
      int pitch,
      int plane,
      float[] y,
      int yAt) {
    for (int row = from; row < end; row++) {
      int source = xAt + row / height * plane + row % height * pitch;
      System.arraycopy(x, source, y, yAt + row * width, width);
    }
  }

  @Override
  public void imageSums(float[] x, int xAt, int pixels, int images, float[] y, int yAt) {
    for (int n = 0; n < images; n++) {
      double sum = 0;
      for (int p = 0; p < pixels; p++) {
        sum += x[xAt + n * pixels + p];
      }
      y[yAt + n] = (float) sum;
    }
  }

  @Override
  public void imageProducts(
      float[] x, int xAt, float[] z, int zAt, int pixels, int images, float[] y, int yAt) {
    for (int n = 0; n < images; n++) {
      double sum = 0;
      for (int p = 0; p < pixels; p++) {
        sum += x[xAt + n * pixels + p] * z[zAt + n * pixels + p];
      }
      y[yAt + n] = (float) sum;
    }
  }

  @Override
  public void scaleImages(
      float[] x,
      int xAt,
      float[] factors,
      int factorsAt,
      float[] terms,
      int termsAt,
      int pixels,
      int images,
      float[] y,
      int yAt) {
    for (int n = 0; n < images; n++) {
      float factor = factors[factorsAt + n];
      float term = terms == null ? 0 : terms[termsAt + n];
      for (int i = n * pixels; i < (n + 1) * pixels; i++) {
        y[yAt + i] = x[xAt + i] * factor + term;
      }
    }
  }

  @Override
  public void multiply(
      BlockProduct product,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    for (int block = 0; block < product.blocks(); block++) {
      int rows = product.rows[block];
      for (int row = 0; row < rows; row++) {
        int target = yAt + product.outputs[product.outputsAt[block] + row];
        Arrays.fill(y, target, target + PANEL, 0);
        for (int k = 0; k < product.depth[block]; k++) {
          float weight = weights[weightsAt + product.weightsAt[block] + k * rows + row];
          int source = xAt + product.inputs[product.inputsAt[block] + k];
          for (int i = 0; i < PANEL; i++) {
            y[target + i] += weight * x[source + i];
          }
        }
      }
    }
  }

  @Override
  public void addBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns) {
    addBlock(product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, 0, columns);
  }

  /** Adds the columns from {@code first} to before {@code end}. */
  static void addBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int first,
      int end) {
    int size = product.rows[block];
    for (int r = 0; r < size; r++) {
      int output = product.outputs[product.outputsAt[block] + r];
      float[] y = rows[output];
      int yAt = rowsAt[output] + from;
      for (int k = 0; k < product.depth[block]; k++) {
        float weight = weights[weightsAt + product.weightsAt[block] + k * size + r];
        int source = xAt + product.inputs[product.inputsAt[block] + k];
        for (int i = first; i < end; i++) {
          y[yAt + i] += weight * x[source + i];
        }
      }
    }
  }

  @Override
  public void addBlockBackward(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      CentredRows owed,
      float[][] dy,
      int[] dyAt,
      float[][] sums,
      int[] sumsAt,
      int from,
      int columns,
      float[] dx,
      float[] dWeights,
      float[] scratch) {
    addBlockBackward(
        product, block, weights, weightsAt, x, owed, dy, dyAt, sums, sumsAt, from, 0, columns, dx,
        dWeights);
  }

  /** Does it for the columns from {@code first} to before {@code end}. */
  static void addBlockBackward(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      CentredRows owed,
      float[][] dy,
      int[] dyAt,
      float[][] sums,
      int[] sumsAt,
      int from,
      int first,
      int end,
      float[] dx,
      float[] dWeights) {
    int size = product.rows[block];
    for (int r = 0; r < size; r++) {
      int output = product.outputs[product.outputsAt[block] + r];
      int row = dyAt[output] + from + first;
      float[] dz = new float[end - first];
      for (int i = 0; i < dz.length; i++) {
        dz[i] = dy[output][row + i] + term(owed, output, from + first + i);
      }
      if (sums != null) {
        System.arraycopy(dz, 0, dy[output], row, dz.length);
      }
      for (int k = 0; k < product.depth[block]; k++) {
        int ofWeight = product.weightsAt[block] + k * size + r;
        float weight = weights[weightsAt + ofWeight];
        int input = product.inputs[product.inputsAt[block] + k] + first;
        double sum = 0;
        for (int i = 0; i < dz.length; i++) {
          sum += dz[i] * x[input + i];
          dx[input + i] += weight * dz[i];
          if (sums != null) {
            sums[output][sumsAt[output] + from + first + i] -= weight * x[input + i];
          }
        }
        dWeights[ofWeight] += (float) sum;
      }
    }
  }

  private static float term(CentredRows terms, int row, int column) {
    float centred = terms.x()[row][terms.xAt()[row] + column] - terms.mean()[row];
    return terms.b()[row] * centred + terms.c()[row];
  }

  @Override
  public void addProducts(
      BlockProduct product,
      int block,
      float[] x,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights,
      float[] scratch) {
    int rows = product.rows[block];
    for (int k = 0; k < product.depth[block]; k++) {
      int input = product.inputs[product.inputsAt[block] + k];
      for (int row = 0; row < rows; row++) {
        int at = rowsAt[rowsFrom + row];
        double sum = 0;
        for (int i = 0; i < columns; i++) {
          sum += z[at + i] * x[input + i];
        }
        dWeights[product.weightsAt[block] + k * rows + row] += (float) sum;
      }
    }
  }

  @Override
  public void packSlabs(float[] x, int xAt, int pitch, int rows, int columns, float[] slabs) {
    int slab = slab();
    for (int k = 0; k < rows; k++) {
      int l = k % slab;
      int from = xAt + k * pitch;
      int to = from - l * pitch + l;
      for (int i = 0; i < columns; i++) {
        slabs[to + i * slab] = x[from + i];
      }
    }
  }

  @Override
  public void addSlabProducts(
      BlockProduct product,
      int block,
      float[] slabs,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights) {
    int slab = slab();
    int rows = product.rows[block];
    for (int row = 0; row < rows; row++) {
      int at = rowsAt[rowsFrom + row];
      for (int k = 0; k < product.depth[block]; k++) {
        int input = product.inputs[product.inputsAt[block] + k / slab * slab] + k % slab;
        double sum = 0;
        for (int i = 0; i < columns; i++) {
          sum += z[at + i] * slabs[input + i * slab];
        }
        int to = (k - k % slab) * rows + row * slab + k % slab;
        dWeights[product.weightsAt[block] + to] += (float) sum;
      }
    }
  }

  @Override
  public void multiplyRows(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      float[] y,
      int[] rowsAt,
      int columns) {
    int rows = product.rows[block];
    for (int row = 0; row < rows; row++) {
      int at = rowsAt[row];
      Arrays.fill(y, at, at + columns, 0);
      for (int k = 0; k < product.depth[block]; k++) {
        float weight = weights[weightsAt + product.weightsAt[block] + k * rows + row];
        int input = product.inputs[product.inputsAt[block] + k];
        for (int i = 0; i < columns; i++) {
          y[at + i] += weight * x[input + i];
        }
      }
    }
  }

  @Override
  public void multiplyBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      float[] z,
      float[] y,
      int[] rowsAt,
      int columns,
      float[] dWeights,
      float[] scratch) {
    multiplyRows(product, block, weights, weightsAt, x, y, rowsAt, columns);
    addProducts(product, block, x, z, rowsAt, 0, columns, dWeights, scratch);
  }

  @Override
  public void dots(
      float[] p,
      int[] pRows,
      int pFrom,
      float[] q,
      int[] qRows,
      int qFrom,
      int few,
      int columns,
      float[] sums,
      int sumsAt,
      float[] scratch) {
    for (int a = 0; a < DOTS / few; a++) {
      for (int b = 0; b < few; b++) {
        double sum = 0;
        for (int i = 0; i < columns; i++) {
          sum += p[pRows[pFrom + a] + i] * q[qRows[qFrom + b] + i];
        }
        sums[sumsAt + few * a + b] += (float) sum;
      }
    }
  }

  @Override
  public void unpack(
      float[] t,
      int tAt,
      int step,
      float[] base,
      int baseAt,
      float[] y,
      int yAt,
      int columns,
      float pivot,
      float[] partial,
      int partialAt) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < columns; i++) {
      float made = t[at(tAt, step, i)] + (base == null ? 0 : base[baseAt + i]);
      y[yAt + i] = made;
      float shifted = made - pivot;
      sum += shifted;
      squares += shifted * shifted;
    }
    partial[partialAt] += (float) sum;
    partial[partialAt + PARTIAL] += (float) squares;
  }

  @Override
  public void shiftedSums(float[] x, int xAt, int columns, float[] partial) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < columns; i++) {
      float shifted = x[xAt + i] - x[xAt];
      sum += shifted;
      squares += shifted * shifted;
    }
    put(partial, 0, sum, squares);
  }

  @Override
  public void activateBackwardRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] x,
      int[] xAt,
      int[] numbers,
      int first,
      float[] da,
      int[] daAt,
      int step,
      float[] factor,
      boolean adds,
      float[][] dx,
      int[] dxAt,
      int columns,
      float[] partial) {
    for (int n = 0; n < numbers.length; n++) {
      int row = numbers[n];
      activateBackward(
          f,
          mean[row],
          scale[row],
          bias[row],
          x[row],
          xAt[row] + first,
          da,
          daAt[n],
          step,
          factor[row],
          adds,
          dx[row],
          dxAt[row] + first,
          columns,
          partial,
          2 * PARTIAL * n);
    }
  }

  @Override
  public void activateBackward(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      boolean adds,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    double sum = 0;
    double products = 0;
    for (int i = 0; i < columns; i++) {
      float centred = x[xAt + i] - mean;
      float gradient = da[at(daAt, step, i)] * f.derivative(centred * scale + bias);
      dx[dxAt + i] = (adds ? dx[dxAt + i] : 0) + factor * gradient;
      sum += gradient;
      products += gradient * centred;
    }
    put(partial, partialAt, sum, products);
  }

  @Override
  public void addCentred(
      CentredRows terms,
      float[][] dx,
      int[] dxAt,
      int[] numbers,
      int first,
      int columns,
      boolean keeps,
      float[][] y,
      int[] yAt,
      int yFirst) {
    addCentred(terms, dx, dxAt, numbers, first, 0, columns, keeps, y, yAt, yFirst);
  }

  /** Does it for the columns from {@code from} to before {@code end}, counted from the first. */
  static void addCentred(
      CentredRows terms,
      float[][] dx,
      int[] dxAt,
      int[] numbers,
      int first,
      int from,
      int end,
      boolean keeps,
      float[][] y,
      int[] yAt,
      int yFirst) {
    for (int row : numbers) {
      for (int i = from; i < end; i++) {
        int at = dxAt[row] + first + i;
        float sum = dx[row][at] + term(terms, row, first + i);
        y[row][yAt[row] + yFirst + i] = sum;
        if (keeps) {
          dx[row][at] = sum;
        }
      }
    }
  }

  private static void put(float[] partial, int at, double first, double second) {
    Arrays.fill(partial, at, at + 2 * PARTIAL, 0);
    partial[at] = (float) first;
    partial[at + PARTIAL] = (float) second;
  }
}
