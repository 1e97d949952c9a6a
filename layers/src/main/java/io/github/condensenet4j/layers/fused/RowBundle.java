package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Outputs whose gradients are read from memory together, those of some blocks of {@link
 * Connections#fromFew} after each other: so few that they stay in the cache until all that needs
 * them is done.
 *
 * @param rows their numbers
 * @param firstBlock the first of the blocks
 * @param endBlock the one after the last of them
 */
@SuppressWarnings("ArrayRecordComponent") // a plan, never compared
record RowBundle(int[] rows, int firstBlock, int endBlock) {

  /**
   * Cuts a product into bundles of {@code most} outputs at most, which is no less than a block has.
   */
  static List<RowBundle> of(BlockProduct product, int most) {
    List<RowBundle> bundles = new ArrayList<>();
    for (int block = 0; block < product.blocks(); ) {
      int first = block;
      int[] rows = {};
      int[] more = product.outputsOf(first);
      while (more.length > 0 && rows.length + more.length <= most) {
        rows = IntStream.concat(Arrays.stream(rows), Arrays.stream(more)).toArray();
        block++;
        more = block < product.blocks() ? product.outputsOf(block) : new int[0];
      }
      bundles.add(new RowBundle(rows, first, block));
    }
    return List.copyOf(bundles);
  }

  /**
   * Returns the product from the rows of this bundle to the few.
   *
   * @param few numbers of the few that each row is connected with
   * @param sources where the weight of each of them lies
   * @param count number of the few
   * @param pitch distance between two rows of the bundle, of which the first begins at {@link
   *     CacheLines#FIRST}
   */
  BlockProduct toFew(int[][] few, int[][] sources, int count, int pitch) {
    int[][] slots = new int[count][];
    int[][] sourcesOfSlots = new int[count][];
    for (int i = 0; i < count; i++) {
      int one = i;
      slots[i] =
          IntStream.range(0, rows.length)
              .filter(slot -> Arrays.binarySearch(few[rows[slot]], one) >= 0)
              .toArray();
      sourcesOfSlots[i] =
          Arrays.stream(slots[i])
              .map(slot -> rows[slot])
              .map(row -> sources[row][Arrays.binarySearch(few[row], one)])
              .toArray();
    }
    int[] used = IntStream.range(0, count).filter(i -> slots[i].length > 0).toArray();
    return BlockProduct.of(
        Arrays.stream(used).mapToObj(i -> slots[i]).toArray(int[][]::new),
        Arrays.stream(used).mapToObj(i -> sourcesOfSlots[i]).toArray(int[][]::new),
        slot -> CacheLines.row(slot, pitch),
        i -> used[i]);
  }
}
