package io.github.condensenet4j.layers;

import io.github.condensenet4j.kernels.training.TrainingKernelProvider;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ArrayArithmetic;
import io.github.condensenet4j.layers.arithmetic.PlainArithmetic;
import io.github.condensenet4j.layers.fused.FusedArithmetic;
import io.github.condensenet4j.layers.fused.FusedLinear;
import java.util.Optional;
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
    if (!isSingleOnCpu(type)) {
      return new ArrayArithmetic(type);
    }
    return TrainingKernelProvider.simd()
        .<Arithmetic>map(FusedArithmetic::new)
        .orElseGet(PlainArithmetic::new);
  }

  /** Returns new products of a linear layer, or nothing where they are Deeplearning4j's. */
  static Optional<FusedLinear> linear(DataType type) {
    return isSingleOnCpu(type)
        ? TrainingKernelProvider.simd().map(FusedLinear::new)
        : Optional.empty();
  }

  private static boolean isSingleOnCpu(DataType type) {
    return type == DataType.FLOAT
        && Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
  }
}
