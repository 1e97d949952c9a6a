package io.github.condensenet4j.interchange.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {

  @TempDir private Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("flag", Tensor.ofBytes(ElementType.BOOL, new byte[] {1, 0, 1}, 3));
    tensors.put("weight", Tensor.ofFloats(new float[] {1, -0f, Float.NaN, 1e-40f}, 2, 2));
    tensors.put("count", Tensor.ofLongs(new long[] {Long.MIN_VALUE}));
    tensors.put("nothing", Tensor.ofFloats(new float[0], 0, 5));
    Path file = folder.resolve("a.safetensors");

    new SafetensorsFile(Map.of("format", "pt", "ü", "\"\n"), StateDict.of(tensors)).write(file);
    SafetensorsFile read = SafetensorsFile.read(file);

    assertThat(read.metadata()).isEqualTo(Map.of("format", "pt", "ü", "\"\n"));
    assertThat(read.tensors().names()).containsExactly("count", "weight", "nothing", "flag");
    assertThat(read.tensors().asMap()).containsAllEntriesOf(tensors);
    assertThat(SafetensorsFile.isStart(Files.readAllBytes(file))).isTrue();
    long header =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void keepsEveryType(ElementType type) {
    byte[] bytes = new byte[6 * type.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (type == ElementType.BOOL ? i % 2 : 37 * i);
    }
    StateDict tensors = StateDict.of(Map.of("t", Tensor.ofBytes(type, bytes, 3, 2)));
    Path file = folder.resolve("t.safetensors");

    new SafetensorsFile(Map.of(), tensors).write(file);

    assertThat(SafetensorsFile.read(file).tensors()).isEqualTo(tensors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}       | 12 | has 12 bytes of tensors, 8 expected
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}       | 4  | has 4 bytes of tensors, 8 expected
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}      | 12 | begins at byte 4, 0 expected
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | 4 | without overlap or gap
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}} | 12 | begins at byte 8, 4 expected
          {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}       | 8  | 12 bytes of its type and shape expected
          {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}      | 8  | negative size
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}       | 8  | from byte 8 to 0
          {"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}} | 8 | too many bytes
          {"a":{"dtype":"F32","shape":[2147483647],"data_offsets":[0,8589934588]}} | 8 | from byte 0 to 8589934588
          {"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}   | 2  | has type F8_E4M3
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}         | 8  | 1 offsets, 2 expected
          {"a":{"dtype":"F32","data_offsets":[0,8]}}                   | 8  | shape
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}} | 16 | occurs twice
          {"__metadata__":{"a":1}}                                     | 0  | text expected
          {"a":5}                                                      | 0  | expected
          [1]                                                          | 0  | does not begin with a brace
          {                                                            | 0  | header
          """)
  void refusesHeadersThatLie(String header, int dataBytes, String problem) throws IOException {
    byte[] text = (header + " ").getBytes(StandardCharsets.UTF_8);
    Path file = write(text.length, text, dataBytes);

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("lie.safetensors")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "1", "100000001", "9223372036854775807", "100000000", "50"})
  void refusesHeadersLongerThanTheFileWithoutReservingThem(long length) throws IOException {
    Path file = write(length, "{}".getBytes(StandardCharsets.UTF_8), 0);

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("has a header of")
        .hasMessageContaining("2 to 2 expected");
  }

  @Test
  void refusesFilesThatAreCutOff() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    StateDict tensors = StateDict.of(Map.of("t", Tensor.ofFloats(new float[] {1, 2}, 2)));
    new SafetensorsFile(Map.of(), tensors).write(file);
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafetensorsFile.read(file)).isInstanceOf(InvalidFileException.class);
    }
  }

  private Path write(long length, byte[] header, int dataBytes) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put(header);
    return Files.write(folder.resolve("lie.safetensors"), bytes.array());
  }
}
