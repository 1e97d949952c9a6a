package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * A 1×1 convolution with what stands before it.
 *
 * <p>A tile of the inputs is normalised and activated while it is packed, multiplied, and unpacked
 * to where the outputs live, where mean and variance are taken at once. Backward, the activated
 * inputs are made anew instead of having been stored: where the outputs are few, some inputs at a
 * time ({@link BlockwiseGradient}), else bundle by bundle of outputs ({@link BundledGradient}).
 */
final class PointwiseConvolution {

  /** Floats of a tile's panels: half of a second-level cache of 1 MiB. */
  private static final int TILE_FLOATS = 1 << 17;

  private static final int LONGEST_TILE = 1024;

  private static final int PACKED = 0;
  private static final int PRODUCT = 1;
  private static final int PARTIAL = 3;
  private static final int PIVOTS = 4;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final int panel;
  private final RowPacker packer;
  private final BlockwiseGradient blockwise;
  private final BundledGradient bundled;

  PointwiseConvolution(TrainingKernels kernels, Crew crew, Arena arena, RowPacker packer) {
    this.kernels = kernels;
    this.crew = crew;
    this.arena = arena;
    panel = kernels.panel();
    this.packer = packer;
    blockwise = new BlockwiseGradient(kernels, crew, arena, packer);
    bundled = new BundledGradient(kernels, crew, arena, packer);
  }

  /** Returns the columns at most of a tile of {@code rows} rows, whole panels. */
  private int longestTile(int rows) {
    return Math.min(LONGEST_TILE, TILE_FLOATS / Math.max(1, rows)) / panel * panel;
  }

  /**
   * {@code y = base + weight · transform(x)}; {@code base} may be null, or {@code y}, which then
   * stays as it is where nothing is connected.
   */
  void forward(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix base,
      FeatureMatrix y) {
    boolean inPlace = base != null && base.channels() == y.channels();
    if (inPlace && !connections.outputsAreFew()) {
      add(connections, x, norms, weight, y);
      return;
    }
    int in = x.rows();
    int out = y.rows();
    int mark = arena.mark();
    FeatureRow weights = packer.gathered(connections.forward(), weight);
    RowArrays inputs = RowArrays.of(x);
    int[] used = connections.usedInputs();
    int[] packedAt = packer.inPanels(used);
    int[] written = inPlace ? connections.usedOutputs() : connections.allOutputs();
    Chunks tiles = packer.chunks(x.columns(), longestTile(in + out));
    RowSums[] sums = RowSums.forParts(crew.parts(), out);
    crew.share(
        tiles.count(),
        (from, to, hand) -> {
          float[] packed = hand.buffer(PACKED, in * tiles.longest());
          float[] product = hand.buffer(PRODUCT, out * tiles.longest());
          TileSums made = new TileSums(written, hand);
          for (int t = from; t < to; t++) {
            int first = tiles.first(t);
            int n = tiles.columns(t);
            packer.pack(inputs, norms, used, first, n, packed, packedAt, in * panel);
            for (int p = 0; p < packer.panels(n); p++) {
              kernels.multiply(
                  connections.forward(),
                  weights.array,
                  weights.at,
                  packed,
                  CacheLines.row(p, in * panel),
                  product,
                  CacheLines.row(p, out * panel));
            }
            made.unpack(product, out * panel, base, y, first, n);
            if (t + 1 == to || made.columns + tiles.longest() > RowSums.MOST_AT_ONCE) {
              made.addTo(sums[hand.part()]);
            }
          }
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  /**
   * The sums of the outputs of some tiles. They are added up in double precision once in some
   * thousand columns: where rows are many, tiles are short, and that would take as long as making
   * the outputs.
   */
  private final class TileSums {

    private final int[] rows;
    private final float[] pivots;
    private final float[] partial;
    private int columns;

    TileSums(int[] rows, Crew.Hand hand) {
      this.rows = rows;
      int length = 2 * TrainingKernels.PARTIAL * rows.length;
      partial = hand.buffer(PARTIAL, length);
      pivots = hand.buffer(PIVOTS, rows.length);
    }

    /** Takes {@code n} columns of the outputs out of panels. */
    void unpack(float[] product, int step, FeatureMatrix base, FeatureMatrix y, int first, int n) {
      if (columns == 0) {
        Arrays.fill(partial, 0, 2 * TrainingKernels.PARTIAL * rows.length, 0);
      }
      for (int i = 0; i < rows.length; i++) {
        FeatureRow added = base == null ? null : base.channels()[rows[i]];
        FeatureRow target = y.channels()[rows[i]];
        int from = CacheLines.row(rows[i], panel);
        if (columns == 0) {
          pivots[i] = product[from] + (added == null ? 0 : added.array[added.at + first]);
        }
        kernels.unpack(
            product,
            from,
            step,
            added == null ? null : added.array,
            added == null ? 0 : added.at + first,
            target.array,
            target.at + first,
            n,
            pivots[i],
            partial,
            2 * TrainingKernels.PARTIAL * i);
      }
      columns += n;
    }

    void addTo(RowSums sums) {
      for (int i = 0; i < rows.length; i++) {
        sums.addShifted(rows[i], columns, pivots[i], partial, 2 * i);
      }
      columns = 0;
    }
  }

  /** {@code y = y + weight · transform(x)} where the inputs are few. */
  private void add(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix y) {
    int mark = arena.mark();
    RowArrays inputs = RowArrays.of(x);
    AddedRows added =
        AddedRows.of(connections.fromFew(), packer.gathered(connections.fromFew(), weight), y);
    Chunks chunks = packer.chunks(x.columns(), connections.fewColumns());
    RowSums[] sums = RowSums.forParts(crew.parts(), y.rows());
    crew.share(
        chunks.count(),
        (from, to, hand) -> {
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          for (int c = from; c < to; c++) {
            int first = chunks.first(c);
            int n = chunks.columns(c);
            float[] few = packer.packFew(connections, inputs, norms, first, n, hand);
            for (int block = 0; block < connections.fromFew().blocks(); block++) {
              CacheLines.fetch(added.rows(), connections.many()[block], first, n);
              added.add(kernels, block, few, first, n);
              // While they are in the cache.
              for (int row : connections.many()[block]) {
                FeatureRow made = y.channels()[row];
                sums[hand.part()].addNumbers(kernels, row, made.array, made.at + first, n, partial);
              }
            }
          }
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  /**
   * Adds the weight's gradient to {@code dWeight}; that of the normalised inputs goes to {@code
   * target}.
   *
   * @param sum what the outputs have been added to, and are taken off again, if the inputs are the
   *     few; or null
   * @return the sums of the gradient of the normalised inputs
   */
  double[][] backward(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix dy,
      WeightMatrix dWeight,
      GradientTarget target,
      FeatureMatrix sum) {
    if (connections.outputsAreFew()) {
      return blockwise.backward(connections, x, norms, weight, dy, dWeight, target);
    }
    return bundled.backward(connections, x, norms, weight, dy, dWeight, target, sum);
  }
}
