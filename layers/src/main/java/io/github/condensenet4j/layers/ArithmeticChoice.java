package io.github.condensenet4j.layers;

import io.github.condensenet4j.kernels.training.TrainingKernelProvider;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ArrayArithmetic;
import io.github.condensenet4j.layers.arithmetic.PlainArithmetic;
import io.github.condensenet4j.layers.fused.FusedArithmetic;
import io.github.condensenet4j.layers.fused.FusedLinear;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/**
 * Which arithmetic a layer computes with: for single precision on the CPU the fused one where there
 * is SIMD, else plain loops; for all else ND4J's operations. Where the backend leaves no choice,
 * one line of the log says so.
 */
final class ArithmeticChoice {

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private ArithmeticChoice() {}

  /** Returns a new arithmetic for numbers of {@code type} on the backend that ND4J runs on. */
  static Arithmetic of(DataType type) {
    return of(type, Nd4j.getExecutioner().type());
  }

  /** Returns a new arithmetic for numbers of {@code type} on {@code backend}. */
  static Arithmetic of(DataType type, ExecutionerType backend) {
    if (!isSingleOnCpu(type, backend)) {
      if (backend != ExecutionerType.NATIVE_CPU && SAID.compareAndSet(false, true)) {
        LoggerFactory.getLogger(ArithmeticChoice.class)
            .info("training: ND4J's operations, because the backend is {}", backend);
      }
      return new ArrayArithmetic(type);
    }
    return TrainingKernelProvider.simd()
        .<Arithmetic>map(FusedArithmetic::new)
        .orElseGet(PlainArithmetic::new);
  }

  /** Returns new products of a linear layer, or nothing where they are Deeplearning4j's. */
  static Optional<FusedLinear> linear(DataType type) {
    return isSingleOnCpu(type, Nd4j.getExecutioner().type())
        ? TrainingKernelProvider.simd().map(FusedLinear::new)
        : Optional.empty();
  }

  private static boolean isSingleOnCpu(DataType type, ExecutionerType backend) {
    return type == DataType.FLOAT && backend == ExecutionerType.NATIVE_CPU;
  }
}
