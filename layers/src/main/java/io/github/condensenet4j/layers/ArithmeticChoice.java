package io.github.condensenet4j.layers;

import io.github.condensenet4j.kernels.training.TrainingKernelProvider;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ArrayArithmetic;
import io.github.condensenet4j.layers.arithmetic.PlainArithmetic;
import io.github.condensenet4j.layers.fused.FusedArithmetic;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which arithmetic a layer computes with: for single precision on the CPU the fused one where there
 * is SIMD, else plain loops; for all else ND4J's operations.
 */
final class ArithmeticChoice {

  private ArithmeticChoice() {}

  /** Returns a new arithmetic for numbers of {@code type} on the backend that ND4J runs on. */
  static Arithmetic of(DataType type) {
    boolean onCpu = Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
    if (!onCpu || type != DataType.FLOAT) {
      return new ArrayArithmetic(type);
    }
    return TrainingKernelProvider.simd()
        .<Arithmetic>map(FusedArithmetic::new)
        .orElseGet(PlainArithmetic::new);
  }
}
