package io.github.condensenet4j.core.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyFileTest {

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0} {1} is {2} of {3}")
  @CsvSource({
    "<f4, 0000803f000000c0, FLOAT32, '1, -2'",
    ">f4, 3f800000c0000000, FLOAT32, '1, -2'",
    "<f8, 000000000000f03f00000000000000c0, FLOAT64, '1, -2'",
    "<f2, 003c00c0, FLOAT16, '1, -2'",
    ">f2, 3c00c000, FLOAT16, '1, -2'",
    "|b1, 0102, BOOL, '1, 1'",
    "|u1, 01ff, UINT8, '1, 255'",
    "|i1, 01ff, INT8, '1, -1'",
    "<u2, 0100ffff, INT32, '1, 65535'",
    ">u2, 0001ffff, INT32, '1, 65535'",
    "<u4, 01000000ffffffff, INT64, '1, 4294967295'",
    "<i2, 0100ffff, INT16, '1, -1'",
    "<i4, 01000000ffffffff, INT32, '1, -1'",
    ">i4, 00000001ffffffff, INT32, '1, -1'",
    "<i8, 0100000000000000ffffffffffffffff, INT64, '1, -1'"
  })
  void readsEveryType(String type, String hex, ElementType expected, String values)
      throws IOException {
    Tensor tensor = read(npy(1, header(type, "False", "(2,)"), HexFormat.of().parseHex(hex)));
    assertThat(tensor.type()).isEqualTo(expected);
    assertThat(tensor.toDoubles())
        .isEqualTo(Arrays.stream(values.split(", ")).mapToDouble(Double::parseDouble).toArray());
  }

  @ParameterizedTest(name = "version {0}")
  @CsvSource({"1", "2", "3"})
  void readsEveryVersion(int version) throws IOException {
    Tensor tensor = read(npy(version, header("|u1", "False", "(1, 3)"), new byte[] {1, 2, 3}));
    assertThat(tensor).isEqualTo(Tensor.ofBytes(ElementType.UINT8, new byte[] {1, 2, 3}, 1, 3));
  }

  @Test
  void readsFortranOrder() throws IOException {
    Tensor tensor = read(npy(1, header("|u1", "True", "(2, 3, 2)"), range(12)));
    assertThat(tensor.toLongs()).containsExactly(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
  }

  @ParameterizedTest
  @CsvSource({"(), 1", "'(0,)', 0", "'(3, 0, 2)', 0", "'(1,)', 1", "'(2, 2, )', 4"})
  void readsScalarsAndEmptyArrays(String shape, int elements) throws IOException {
    assertThat(read(npy(1, header("|u1", "False", shape), range(elements))).size())
        .isEqualTo(elements);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void writesEveryType(ElementType type) {
    byte[] bytes = new byte[6 * type.bytes()];
    new Random(2).nextBytes(bytes);
    if (type == ElementType.BOOL) {
      bytes = new byte[] {0, 1, 1, 0, 0, 1};
    }
    Tensor tensor = Tensor.ofBytes(type, bytes, 2, 3);
    Path file = folder.resolve("x.npy");
    NpyFile.write(file, tensor);
    Tensor read = NpyFile.read(file);
    if (type == ElementType.BFLOAT16) {
      assertThat(read).isEqualTo(Tensor.ofFloats(tensor.toFloats(), 2, 3));
    } else {
      assertThat(read).isEqualTo(tensor);
    }
  }

  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    Path file = folder.resolve("x.npy");
    NpyFile.write(file, Tensor.ofFloats(new float[] {1}, 1));
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes).hasSize(128 + 4);
    assertThat(new String(bytes, 10, 118, StandardCharsets.ISO_8859_1))
        .isEqualTo(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }" + " ".repeat(60) + "\n");
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '~',
      value = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }   ~ numpy type |O, which is not"
            + " read",
        "{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }  ~ numpy type <U3",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }  ~ numpy type <c8",
        "{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }  ~ numpy type <u8",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }  ~ numpy type |f4",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), } ~ records of several"
            + " fields",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1), }   ~ malformed header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), } ~ malformed header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1.0,), }~ malformed header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1 2), } ~ malformed header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': [1], }   ~ malformed header",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,), }      ~ malformed header",
        "{'descr': '|u1', 'fortran_order': False}                   ~ malformed header",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,), } ~ malformed"
            + " header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'x': 1} ~ malformed header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), } + x   ~ malformed header",
        "__import__('os').system('id')                              ~ malformed header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }  ~ has 1 bytes of numbers, 2"
            + " expected",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (0,), }  ~ has 1 bytes of numbers, 0"
            + " expected",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647), } ~ more than",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 0), } ~ more"
            + " than",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), } ~ has a"
            + " dimension of 99999999999999999999",
      })
  void refusesOtherHeaders(String header, String message) {
    assertThatThrownBy(() -> read(npy(1, header, new byte[1])))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("array: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesForeignFilesAndVersions() {
    assertThatThrownBy(() -> read("PK_foreign".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("is no numpy array");
    assertThatThrownBy(() -> read(npy(4, header("|u1", "False", "()"), new byte[1])))
        .hasMessageContaining("version 4.0, 1.0, 2.0 or 3.0 expected");
    byte[] longHeader = npy(2, header("|u1", "False", "()"), new byte[1]);
    longHeader[11] = 0x7f;
    assertThatThrownBy(() -> read(longHeader)).hasMessageContaining("at most 65536 expected");
    assertThatThrownBy(() -> NpyFile.read(folder.resolve("no.npy")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageEndingWith("does not exist; check the path");
  }

  @Test
  void eitherReadsOrRefusesDamagedFiles() throws IOException {
    byte[] whole = npy(1, header("<i4", "True", "(3, 2)"), range(24));
    Random random = new Random(41);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged =
          Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
      for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(read(damaged)).isNotNull();
      } catch (InvalidFileException e) {
        assertThat(e.getMessage()).startsWith("array: ");
      }
    }
  }

  private static Tensor read(byte[] bytes) throws IOException {
    return NpyFile.read(new ByteArrayInputStream(bytes), bytes.length, "array");
  }

  private static String header(String type, String fortran, String shape) {
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
  }

  private static byte[] npy(int version, String header, byte[] data) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    out.write(text.length);
    out.write(text.length >> 8);
    if (version > 1) {
      out.write(0);
      out.write(0);
    }
    out.writeBytes(text);
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static byte[] range(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
