package io.github.condensenet4j.kernels.training;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations on {@code jdk.incubator.vector}, a panel being four vectors wide.
 *
 * <p>In all of them the vector is the columns. What is left of a row behind its last whole vector
 * is done number by number; rows are long, so it hardly counts.
 */
final class SimdTrainingKernels implements TrainingKernels {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int PANEL = 4 * LANES;
  private static final int PANEL_BITS = Integer.numberOfTrailingZeros(PANEL);
  private static final int PAIR = 2 * LANES;

  /** Inputs up to which a block is added row by row. */
  private static final int THIN = 4;

  /** Bits of 6.0f: the order of non-negative floats is that of their bits. */
  private static final int SIX = Float.floatToRawIntBits(6f);

  private static final float SIXTH = 1f / 6;

  /** Public for {@link TrainingKernelProvider}, which makes it by name. */
  public SimdTrainingKernels() {
    if (LANES < 4 || LANES > PARTIAL) {
      throw new UnsupportedOperationException(SPECIES + " is not supported");
    }
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit SIMD";
  }

  @Override
  public int panel() {
    return PANEL;
  }

  private static int whole(int columns) {
    return columns & -LANES;
  }

  private static int pairs(int columns) {
    return columns & -PAIR;
  }

  private static int at(int start, int step, int column) {
    return start + (column >> PANEL_BITS) * step + (column & (PANEL - 1));
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  // Comparing bits is one instruction where comparing floats, with their zeros and not-a-numbers,
  // is a handful.
  private static FloatVector relu(FloatVector z) {
    return z.reinterpretAsInts().max(0).reinterpretAsFloats();
  }

  private static FloatVector relu6(FloatVector z) {
    return z.reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats();
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
    switch (f) {
      case IDENTITY -> packIdentity(mean, scale, bias, x, xAt, columns, y, yAt, step);
      case RELU -> packRelu(mean, scale, bias, x, xAt, columns, y, yAt, step);
      case HARD_SWISH -> packHardSwish(mean, scale, bias, x, xAt, columns, y, yAt, step);
    }
    if ((columns & (PANEL - 1)) != 0) {
      packTail(f, mean, scale, bias, x, xAt, columns, y, yAt, step);
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
    int n = 0;
    // Four times hard-swish is more than the compiler puts into one method.
    for (; f != Activation.HARD_SWISH && n + 4 <= numbers.length; n += 4) {
      int whole = whole(columns);
      SimdPackedRows.rows(
          f, mean, scale, bias, rows, rowsAt, numbers, n, first, whole, y, yAt, step);
      if ((columns & (PANEL - 1)) != 0) {
        for (int j = n; j < n + 4; j++) {
          int row = numbers[j];
          packTail(
              f,
              mean[row],
              scale[row],
              bias[row],
              rows[row],
              rowsAt[row] + first,
              columns,
              y,
              yAt[j],
              step);
        }
      }
    }
    for (; n < numbers.length; n++) {
      int row = numbers[n];
      pack(
          f,
          mean[row],
          scale[row],
          bias[row],
          rows[row],
          rowsAt[row] + first,
          columns,
          y,
          yAt[n],
          step);
    }
  }

  private static void packTail(
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
    for (int i = whole(columns); i < columns; i++) {
      y[at(yAt, step, i)] = f.of((x[xAt + i] - mean) * scale + bias);
    }
    int end = at(yAt, step, columns);
    Arrays.fill(y, end, end + PANEL - (columns & (PANEL - 1)), 0);
  }

  // Loops take some vectors a turn, which lie in one piece of a panel: that is half the
  // instructions of one vector a turn, and more loads are under way while memory is waited for.

  private static void packIdentity(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    int panels = columns & -PANEL;
    for (int i = 0; i < panels; i += PANEL) {
      int from = xAt + i;
      int to = yAt + (i >> PANEL_BITS) * step;
      normalize(m, s, b, x, from, y, to);
      normalize(m, s, b, x, from + LANES, y, to + LANES);
      normalize(m, s, b, x, from + 2 * LANES, y, to + 2 * LANES);
      normalize(m, s, b, x, from + 3 * LANES, y, to + 3 * LANES);
    }
    for (int i = panels; i < whole(columns); i += LANES) {
      normalize(m, s, b, x, xAt + i, y, at(yAt, step, i));
    }
  }

  private static void normalize(
      FloatVector m, FloatVector s, FloatVector b, float[] x, int from, float[] y, int to) {
    load(x, from).sub(m).fma(s, b).intoArray(y, to);
  }

  private static void packRelu(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    int panels = columns & -PANEL;
    for (int i = 0; i < panels; i += PANEL) {
      int from = xAt + i;
      int to = yAt + (i >> PANEL_BITS) * step;
      rectify(m, s, b, x, from, y, to);
      rectify(m, s, b, x, from + LANES, y, to + LANES);
      rectify(m, s, b, x, from + 2 * LANES, y, to + 2 * LANES);
      rectify(m, s, b, x, from + 3 * LANES, y, to + 3 * LANES);
    }
    for (int i = panels; i < whole(columns); i += LANES) {
      rectify(m, s, b, x, xAt + i, y, at(yAt, step, i));
    }
  }

  private static void rectify(
      FloatVector m, FloatVector s, FloatVector b, float[] x, int from, float[] y, int to) {
    relu(load(x, from).sub(m).fma(s, b)).intoArray(y, to);
  }

  private static void packHardSwish(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector sixth = all(SIXTH);
    int pairs = columns & -PAIR;
    for (int i = 0; i < pairs; i += PAIR) {
      int from = xAt + i;
      int to = at(yAt, step, i);
      swish(m, s, b, sixth, x, from, y, to);
      swish(m, s, b, sixth, x, from + LANES, y, to + LANES);
    }
    if (pairs < whole(columns)) {
      swish(m, s, b, sixth, x, xAt + pairs, y, at(yAt, step, pairs));
    }
  }

  private static void swish(
      FloatVector m,
      FloatVector s,
      FloatVector b,
      FloatVector sixth,
      float[] x,
      int from,
      float[] y,
      int to) {
    FloatVector z = load(x, from).sub(m).fma(s, b);
    z.mul(relu6(z.add(3f))).mul(sixth).intoArray(y, to);
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
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector sixth = all(SIXTH);
    for (int row = 0; row < height; row++) {
      int from = xAt + row * width;
      int to = yAt + row * pitch;
      if (Math.max(from + LANES, from + width) > x.length) {
        for (int i = 0; i < width; i++) {
          y[to + i] = f.of((x[from + i] - mean) * scale + bias);
        }
      } else {
        switch (f) {
          case IDENTITY -> normalizeRow(m, s, b, x, from, width, y, to);
          case RELU -> rectifyRow(m, s, b, x, from, width, y, to);
          case HARD_SWISH -> swishRow(m, s, b, sixth, x, from, width, y, to);
        }
      }
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
      float[] y,
      int[] yAt,
      int yFirst,
      int pitch) {
    int n = 0;
    for (; f != Activation.HARD_SWISH && n + 4 <= numbers.length; n += 4) {
      int safe = safeRows(rows, rowsAt, numbers, n, first, width, height);
      SimdPackedRows.images(
          f, mean, scale, bias, rows, rowsAt, numbers, n, first, width, safe, y, yAt, yFirst,
          pitch);
      for (int j = n; safe < height && j < n + 4; j++) {
        int row = numbers[j];
        int at = rowsAt[row] + first + safe * width;
        int to = yAt[j] + yFirst + safe * pitch;
        packImage(
            f, mean[row], scale[row], bias[row], rows[row], at, width, height - safe, y, to, pitch);
      }
    }
    for (; n < numbers.length; n++) {
      int row = numbers[n];
      int at = rowsAt[row] + first;
      int to = yAt[n] + yFirst;
      packImage(f, mean[row], scale[row], bias[row], rows[row], at, width, height, y, to, pitch);
    }
  }

  /** Returns the rows of pixels that whole vectors can read in all of four channels. */
  private static int safeRows(
      float[][] rows, int[] rowsAt, int[] numbers, int n, int first, int width, int height) {
    int safe = height;
    for (int j = n; j < n + 4; j++) {
      int row = numbers[j];
      int left = rows[row].length - rowsAt[row] - first - Math.max(LANES, width);
      safe = Math.min(safe, left < 0 ? 0 : left / width + 1);
    }
    return safe;
  }

  // The last vector of a row ends with it and computes some numbers again; that of a row shorter
  // than a vector reaches beyond it, where the next row is written afterwards.

  private static void normalizeRow(
      FloatVector m,
      FloatVector s,
      FloatVector b,
      float[] x,
      int from,
      int width,
      float[] y,
      int to) {
    int last = Math.max(0, width - LANES);
    for (int i = 0; i < last; i += LANES) {
      normalize(m, s, b, x, from + i, y, to + i);
    }
    normalize(m, s, b, x, from + last, y, to + last);
  }

  private static void rectifyRow(
      FloatVector m,
      FloatVector s,
      FloatVector b,
      float[] x,
      int from,
      int width,
      float[] y,
      int to) {
    int last = Math.max(0, width - LANES);
    for (int i = 0; i < last; i += LANES) {
      rectify(m, s, b, x, from + i, y, to + i);
    }
    rectify(m, s, b, x, from + last, y, to + last);
  }

  private static void swishRow(
      FloatVector m,
      FloatVector s,
      FloatVector b,
      FloatVector sixth,
      float[] x,
      int from,
      int width,
      float[] y,
      int to) {
    int last = Math.max(0, width - LANES);
    for (int i = 0; i < last; i += LANES) {
      swish(m, s, b, sixth, x, from + i, y, to + i);
    }
    swish(m, s, b, sixth, x, from + last, y, to + last);
  }

  @Override
  public void poolPairs(float[] x, int xAt, int width, int height, float[] y, int yAt) {
    SimdPairs.pool(x, xAt, width, height, y, yAt);
  }

  @Override
  public void spreadPairs(float[] y, int yAt, float[] x, int xAt, int width, int height) {
    SimdPairs.spread(y, yAt, x, xAt, width, height);
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
    SimdTrainingTiles.multiply(product, weights, weightsAt, x, xAt, y, yAt);
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
    int pairs = pairs(columns);
    if (product.rows[block] < 4 || product.depth[block] <= THIN) {
      SimdThinBlocks.add(product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, pairs);
    } else {
      SimdAddedBlocks.add(product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, pairs);
    }
    ScalarTrainingKernels.addBlock(
        product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, pairs, columns);
  }

  @Override
  public void addBlockBackward(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns,
      float[] dx,
      int dxAt,
      float[] dWeights,
      int dWeightsAt,
      float[] scratch) {
    int pairs = pairs(columns);
    SimdThinBlocks.backward(
        product,
        block,
        weights,
        weightsAt,
        x,
        xAt,
        rows,
        rowsAt,
        from,
        pairs,
        dx,
        dxAt,
        dWeights,
        dWeightsAt,
        scratch);
    ScalarTrainingKernels.addBlockBackward(
        product,
        block,
        weights,
        weightsAt,
        x,
        xAt,
        rows,
        rowsAt,
        from,
        pairs,
        columns,
        dx,
        dxAt,
        dWeights,
        dWeightsAt);
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
    if (product.rows[block] < 4) {
      SimdThinBlocks.multiply(
          product, block, weights, weightsAt, x, z, y, rowsAt, columns, dWeights, scratch);
    } else {
      for (int i = 0; i < columns; i += PANEL) {
        SimdTrainingTiles.multiply(product, block, weights, weightsAt, x, i, y, i, rowsAt, 0);
      }
      SimdDots.addBlock(product, block, x, z, rowsAt, columns, dWeights, scratch);
    }
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
    switch (few) {
      case 1 -> SimdDots.add16(p, pRows, pFrom, q, qRows[qFrom], columns, scratch);
      case 2 -> SimdDots.add8(p, pRows, pFrom, q, qRows, qFrom, columns, scratch);
      default -> SimdDots.add4(p, pRows, pFrom, q, qRows, qFrom, columns, scratch);
    }
    SimdDots.addLanes(scratch, sums, sumsAt);
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
      float[] partial) {
    float pivot = t[tAt] + (base == null ? 0 : base[baseAt]);
    if (base == null) {
      copyOut(t, tAt, step, y, yAt, columns, pivot, partial);
    } else {
      addOut(t, tAt, step, base, baseAt, y, yAt, columns, pivot, partial);
    }
    for (int i = pairs(columns); i < columns; i++) {
      y[yAt + i] = t[at(tAt, step, i)] + (base == null ? 0 : base[baseAt + i]);
      addTail(y[yAt + i] - pivot, partial);
    }
  }

  private static void addTail(float shifted, float[] partial) {
    partial[0] += shifted;
    partial[PARTIAL] += shifted * shifted;
  }

  static void put(float[] partial, int at, FloatVector first, FloatVector second) {
    if (LANES < PARTIAL) {
      Arrays.fill(partial, at, at + 2 * PARTIAL, 0);
    }
    first.intoArray(partial, at);
    second.intoArray(partial, at + PARTIAL);
  }

  private static void copyOut(
      float[] t, int tAt, int step, float[] y, int yAt, int columns, float pivot, float[] partial) {
    FloatVector origin = all(pivot);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector squares = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(tAt, step, i);
      FloatVector left = load(t, from);
      FloatVector right = load(t, from + LANES);
      left.intoArray(y, yAt + i);
      right.intoArray(y, yAt + i + LANES);
      left = left.sub(origin);
      right = right.sub(origin);
      sum = sum.add(left).add(right);
      squares = right.fma(right, left.fma(left, squares));
    }
    put(partial, 0, sum, squares);
  }

  private static void addOut(
      float[] t,
      int tAt,
      int step,
      float[] base,
      int baseAt,
      float[] y,
      int yAt,
      int columns,
      float pivot,
      float[] partial) {
    FloatVector origin = all(pivot);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector squares = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(tAt, step, i);
      FloatVector left = load(t, from).add(load(base, baseAt + i));
      FloatVector right = load(t, from + LANES).add(load(base, baseAt + i + LANES));
      left.intoArray(y, yAt + i);
      right.intoArray(y, yAt + i + LANES);
      left = left.sub(origin);
      right = right.sub(origin);
      sum = sum.add(left).add(right);
      squares = right.fma(right, left.fma(left, squares));
    }
    put(partial, 0, sum, squares);
  }

  @Override
  public void shiftedSums(float[] x, int xAt, int columns, float[] partial) {
    float pivot = x[xAt];
    sumsAround(pivot, x, xAt, columns, partial);
    for (int i = pairs(columns); i < columns; i++) {
      addTail(x[xAt + i] - pivot, partial);
    }
  }

  private static void sumsAround(float pivot, float[] x, int xAt, int columns, float[] partial) {
    FloatVector origin = all(pivot);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector squares = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      FloatVector left = load(x, xAt + i).sub(origin);
      FloatVector right = load(x, xAt + i + LANES).sub(origin);
      sum = sum.add(left).add(right);
      squares = right.fma(right, left.fma(left, squares));
    }
    put(partial, 0, sum, squares);
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
    // A mask instead of a second loop: what is written has to come into the cache anyway.
    int kept = adds ? -1 : 0;
    switch (f) {
      case IDENTITY ->
          identityBackward(
              mean, x, xAt, da, daAt, step, factor, kept, dx, dxAt, columns, partial, partialAt);
      case RELU ->
          reluBackward(
              mean, scale, bias, x, xAt, da, daAt, step, factor, kept, dx, dxAt, columns, partial,
              partialAt);
      case HARD_SWISH ->
          hardSwishBackward(
              mean, scale, bias, x, xAt, da, daAt, step, factor, kept, dx, dxAt, columns, partial,
              partialAt);
    }
    backwardTail(
        f,
        mean,
        scale,
        bias,
        x,
        xAt,
        da,
        daAt,
        step,
        factor,
        adds,
        dx,
        dxAt,
        pairs(columns),
        columns,
        partial,
        partialAt);
  }

  /**
   * What {@link #activateBackward} does, from a column on; its sums are added to {@code partial}.
   */
  private static void backwardTail(
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
      int from,
      int columns,
      float[] partial,
      int partialAt) {
    for (int i = from; i < columns; i++) {
      float centred = x[xAt + i] - mean;
      float gradient = da[at(daAt, step, i)] * f.derivative(centred * scale + bias);
      dx[dxAt + i] = (adds ? dx[dxAt + i] : 0) + factor * gradient;
      partial[partialAt] += gradient;
      partial[partialAt + PARTIAL] += gradient * centred;
    }
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
    int kept = adds ? -1 : 0;
    int whole = whole(columns);
    int n = 0;
    for (; f == Activation.RELU && n + 2 <= numbers.length; n += 2) {
      SimdGradientRows.relu(
          mean,
          scale,
          bias,
          x,
          xAt,
          numbers[n],
          numbers[n + 1],
          first,
          da,
          daAt[n],
          daAt[n + 1],
          step,
          factor,
          kept,
          dx,
          dxAt,
          whole,
          partial,
          2 * PARTIAL * n);
      for (int j = n; whole < columns && j < n + 2; j++) {
        int row = numbers[j];
        backwardTail(
            f,
            mean[row],
            scale[row],
            bias[row],
            x[row],
            xAt[row] + first,
            da,
            daAt[j],
            step,
            factor[row],
            adds,
            dx[row],
            dxAt[row] + first,
            whole,
            columns,
            partial,
            2 * PARTIAL * j);
      }
    }
    for (; n < numbers.length; n++) {
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

  /** {@code dx = (dx & kept) + factor · gradient}. */
  static void addTo(float[] dx, int at, int kept, FloatVector factor, FloatVector gradient) {
    FloatVector before = load(dx, at).reinterpretAsInts().and(kept).reinterpretAsFloats();
    gradient.fma(factor, before).intoArray(dx, at);
  }

  private static void identityBackward(
      float mean,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      int kept,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m = all(mean);
    FloatVector a = all(factor);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector products = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(daAt, step, i);
      FloatVector left = load(da, from);
      FloatVector right = load(da, from + LANES);
      addTo(dx, dxAt + i, kept, a, left);
      addTo(dx, dxAt + i + LANES, kept, a, right);
      sum = sum.add(left).add(right);
      products = left.fma(load(x, xAt + i).sub(m), products);
      products = right.fma(load(x, xAt + i + LANES).sub(m), products);
    }
    put(partial, partialAt, sum, products);
  }

  private static void reluBackward(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      int kept,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector a = all(factor);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector products = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(daAt, step, i);
      FloatVector centredLeft = load(x, xAt + i).sub(m);
      FloatVector centredRight = load(x, xAt + i + LANES).sub(m);
      FloatVector left = passed(centredLeft.fma(s, b), load(da, from));
      FloatVector right = passed(centredRight.fma(s, b), load(da, from + LANES));
      addTo(dx, dxAt + i, kept, a, left);
      addTo(dx, dxAt + i + LANES, kept, a, right);
      sum = sum.add(left).add(right);
      products = right.fma(centredRight, left.fma(centredLeft, products));
    }
    put(partial, partialAt, sum, products);
  }

  /** Returns {@code gradient} where {@code z} is positive, else 0. */
  static FloatVector passed(FloatVector z, FloatVector gradient) {
    FloatVector zero = FloatVector.zero(SPECIES);
    return zero.blend(gradient, z.compare(VectorOperators.GT, zero));
  }

  private static void hardSwishBackward(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      int kept,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector a = all(factor);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector sixth = all(SIXTH);
    FloatVector sum = zero;
    FloatVector products = zero;
    for (int i = 0; i < pairs(columns); i += LANES) {
      FloatVector centred = load(x, xAt + i).sub(m);
      FloatVector z = centred.fma(s, b);
      FloatVector shifted = z.add(3f);
      FloatVector clipped = relu6(shifted);
      // Inside (0, 6) clipping changes nothing; at 6 it changes nothing either, but there the
      // second term does not count.
      VectorMask<Float> inside =
          shifted
              .compare(VectorOperators.EQ, clipped)
              .and(clipped.compare(VectorOperators.LT, 6f))
              .and(clipped.compare(VectorOperators.GT, 0f));
      FloatVector slope = clipped.blend(clipped.add(z), inside).mul(sixth);
      FloatVector gradient = load(da, at(daAt, step, i)).mul(slope);
      addTo(dx, dxAt + i, kept, a, gradient);
      sum = sum.add(gradient);
      products = gradient.fma(centred, products);
    }
    put(partial, partialAt, sum, products);
  }

  @Override
  public void addCentred(
      float[][] x,
      int[] xAt,
      float[] mean,
      float[] b,
      float[] c,
      float[][] dx,
      int[] dxAt,
      int[] numbers,
      int first,
      int columns,
      float[][] y,
      int[] yAt,
      int yFirst) {
    int pairs = pairs(columns);
    int n = 0;
    for (; n + 2 <= numbers.length; n += 2) {
      SimdCentredRows.two(
          x, xAt, mean, b, c, dx, dxAt, numbers[n], numbers[n + 1], first, pairs, y, yAt, yFirst);
    }
    if (n < numbers.length) {
      SimdCentredRows.one(x, xAt, mean, b, c, dx, dxAt, numbers[n], first, pairs, y, yAt, yFirst);
    }
    if (pairs < columns) {
      for (int row : numbers) {
        int from = xAt[row] + first;
        int to = yAt[row] + yFirst;
        ScalarTrainingKernels.addCentred(
            x[row],
            from,
            mean[row],
            b[row],
            c[row],
            dx[row],
            dxAt[row] + first,
            pairs,
            columns,
            y[row],
            to);
      }
    }
  }
}
