package io.github.condensenet4j.training.step;

import io.github.condensenet4j.layers.arithmetic.Workers;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Long vectors that all threads go through once, piece by piece: whatever is done to their numbers
 * is done while they are in the cache.
 */
final class FlatVectors {

  /** Floats at a time: three arrays of them stay in the second-level cache. */
  private static final int AT_ONCE = 1 << 14;

  private record Piece(int stretch, long offset, int length) {}

  /** What is done to a piece of stretch number {@code stretch}, whose first number is offset 0. */
  interface Action {
    void run(int stretch, long offset, int length, float[][] buffers);
  }

  private final List<Piece> pieces = new ArrayList<>();

  /**
   * Cuts stretches into pieces.
   *
   * @param lengths of the stretches
   */
  FlatVectors(long[] lengths) {
    for (int s = 0; s < lengths.length; s++) {
      for (long at = 0; at < lengths[s]; at += AT_ONCE) {
        pieces.add(new Piece(s, at, (int) Math.min(AT_ONCE, lengths[s] - at)));
      }
    }
  }

  /** Tells whether the numbers of a vector can be read and written by address. */
  static boolean allow(INDArray vector) {
    return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU
        && vector.dataType() == DataType.FLOAT;
  }

  /**
   * Returns where the numbers of {@code vector} lie. It must be kept {@linkplain
   * Reference#reachabilityFence reachable} as long as that is used.
   */
  static FloatPointer pointer(INDArray vector) {
    return new FloatPointer(vector.data().addressPointer());
  }

  /** Runs {@code action} for each piece, with {@code buffers} arrays for a piece's numbers. */
  void forEachPiece(int buffers, Action action) {
    int threads = Workers.threads();
    Workers.run(
        threads,
        thread -> {
          float[][] own = new float[buffers][];
          Arrays.setAll(own, b -> new float[AT_ONCE]);
          for (int p = thread; p < pieces.size(); p += threads) {
            Piece piece = pieces.get(p);
            action.run(piece.stretch(), piece.offset(), piece.length(), own);
          }
        });
  }
}
