package io.github.condensenet4j.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The {@code .bin} files beside this test were written by {@code Nd4j.write} of 1.0.0-M2.1. */
class CoefficientArrayTest {

  private static final float[] ROW = {1.5f, -2f, 3.25f, Float.NaN, 0f, 1e-30f};

  @Test
  void readsWhatNd4jWrote() throws IOException {
    assertThat(read(resource("nd4j_row_float.bin"))).isEqualTo(ROW);
    assertThat(read(resource("nd4j_vector_double.bin"))).containsExactly(1.5f, -2f, 0f);
  }

  @Test
  void writesWhatNd4jWrites() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CoefficientArray.write(out, ROW);
    assertThat(out.toByteArray()).isEqualTo(resource("nd4j_row_float.bin"));
  }

  @Test
  void readsBackLongRowsInParts() throws IOException {
    float[] values = new float[100_000];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CoefficientArray.write(out, values);
    byte[] bytes = out.toByteArray();
    assertThat(read(bytes)).isEqualTo(values);
    CoefficientArray array = open(bytes);
    array.skipTo(70_001);
    float[] part = new float[5];
    array.read(part);
    assertThat(part).isEqualTo(Arrays.copyOfRange(values, 70_001, 70_006));
  }

  @Test
  void refusesArraysThatAreNoRow() {
    assertThatThrownBy(() -> read(resource("nd4j_matrix_float.bin")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage("array: is no row of numbers in ND4J's form; the file is damaged or foreign");
  }

  @Test
  void eitherReadsOrRefusesDamagedArrays() throws IOException {
    byte[] whole = resource("nd4j_row_float.bin");
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 20));
      for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(read(damaged)).hasSize(6);
      } catch (InvalidFileException | IOException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  private static float[] read(byte[] bytes) throws IOException {
    CoefficientArray array = open(bytes);
    float[] values = new float[(int) array.size()];
    array.read(values);
    return values;
  }

  private static CoefficientArray open(byte[] bytes) throws IOException {
    return CoefficientArray.open(new ByteArrayInputStream(bytes), bytes.length, "array");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = CoefficientArrayTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
