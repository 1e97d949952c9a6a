package io.github.condensenet4j.layers.fused;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.layers.arithmetic.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NativeTransferTest {

  private final int threads = Workers.threads();

  @AfterEach
  void useAsManyThreadsAsBefore() {
    Workers.setThreads(threads);
  }

  // Copied by one thread, and by all.
  @ParameterizedTest
  @ValueSource(ints = {3, 200_001})
  void comparesLoadsAndStoresParameters(int length) {
    Workers.setThreads(3);
    Crew crew = new Crew();
    crew.begin();
    INDArray parameter = Nd4j.rand(DataType.FLOAT, length);
    float[] numbers = new float[length + 1];

    NativeTransfer.load(parameter, numbers, 1, crew);

    float[] values = parameter.toFloatVector();
    assertThat(numbers).startsWith(0).endsWith(values);
    assertThat(NativeTransfer.holds(parameter, values, crew)).isTrue();
    assertThat(NativeTransfer.holds(parameter, numbers, crew)).isFalse();
    for (int changed : new int[] {0, length / 2, length - 1}) {
      float before = values[changed];
      values[changed] = 2;
      assertThat(NativeTransfer.holds(parameter, values, crew)).isFalse();
      NativeTransfer.store(values, 0, parameter, crew);
      assertThat(NativeTransfer.holds(parameter, values, crew)).isTrue();
      values[changed] = before;
    }
  }
}
