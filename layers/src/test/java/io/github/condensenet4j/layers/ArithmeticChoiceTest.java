package io.github.condensenet4j.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.layers.arithmetic.ArrayArithmetic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;

class ArithmeticChoiceTest {

  @Test
  void takesNd4jOnOtherBackendsAndSaysSoOnce() {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    try {
      for (int layer = 0; layer < 3; layer++) {
        assertThat(ArithmeticChoice.of(DataType.FLOAT, ExecutionerType.CUDA))
            .isInstanceOf(ArrayArithmetic.class);
      }
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("training: ND4J's operations, because the backend is CUDA");
  }

  @Test
  void takesNd4jForDoublePrecision() {
    assertThat(ArithmeticChoice.of(DataType.DOUBLE, ExecutionerType.NATIVE_CPU))
        .isInstanceOf(ArrayArithmetic.class);
  }
}
