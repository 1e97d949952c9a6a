package io.github.condensenet4j.interchange.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Bytes;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Instance;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Scalar;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Spellings of other versions of PyTorch, Python and numpy than that of the reference files. */
class PickleReaderTest {

  private final StorageTable storages = new StorageTable("pickle");

  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of("a short text of Python 2", new PickleBuilder().raw('U', 1, 'a'), "a"),
        Arguments.of("a text of Python 2", new PickleBuilder().raw('T', 1, 0, 0, 0, 'a'), "a"),
        Arguments.of("a text of protocol 4", new PickleBuilder().raw(0x8c, 2, 0xc3, 0xa4), "ä"),
        Arguments.of(
            "a long text of protocol 4",
            new PickleBuilder().raw(0x8d).littleEndian(1, 8).raw('a'),
            "a"),
        Arguments.of("an empty integer", new PickleBuilder().raw(0x8a, 0), 0L),
        Arguments.of("a negative integer", new PickleBuilder().raw(0x8a, 1, 0x80), -128L),
        Arguments.of(
            "an integer beyond 64 bits",
            new PickleBuilder().raw(0x8b, 9, 0, 0, 0).littleEndian(0, 8).raw(1),
            BigInteger.TWO.pow(64)),
        Arguments.of(
            "a numpy scalar in big-endian order",
            numpyScalar("numpy.core.multiarray", "i2", '>', 0xff, 0xfe),
            -2L),
        Arguments.of(
            "a numpy 2 scalar",
            numpyScalar("numpy._core.multiarray", "f4", '<', 0, 0, 0x80, 0x3f),
            1.0),
        Arguments.of("a numpy boolean", numpyScalar("numpy.core.multiarray", "b1", '|', 1), true),
        Arguments.of(
            "an unsigned numpy scalar",
            numpyScalar("numpy.core.multiarray", "u8", '<', 255, 255, 255, 255, 255, 255, 255, 255),
            BigInteger.TWO.pow(64).subtract(BigInteger.ONE)));
  }

  private static PickleBuilder numpyScalar(String module, String code, char order, int... raw) {
    PickleBuilder pickle = new PickleBuilder().global(module, "scalar").global("numpy", "dtype");
    pickle.text(code).raw(0x89, 0x88, 0x87).op('R');
    pickle.op('(').number(3).text(String.valueOf(order)).op('N').op('t').op('b');
    return pickle.raw('C', raw.length).raw(raw).raw(0x86).op('R');
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scalars")
  void readsScalars(String what, PickleBuilder pickle, Object expected) throws IOException {
    assertThat(read(pickle)).isEqualTo(new Scalar(expected));
  }

  @Test
  void readsTheOrderedDictionariesOfPython2() throws IOException {
    PickleBuilder pickle = new PickleBuilder().global("collections", "OrderedDict").raw(']', '(');
    pickle.raw(']', '(').text("a").number(1).op('e');
    pickle.raw(']', '(').text("b").number(2).op('e');
    Dictionary dictionary = (Dictionary) read(pickle.op('e').raw(0x85).op('R'));
    assertThat(dictionary.entries().keySet()).containsExactly("a", "b");
    assertThat(dictionary.find("b")).contains(new Scalar(2L));
  }

  @Test
  void readsShapesDevicesAndSets() throws IOException {
    PickleBuilder size = new PickleBuilder().global("torch", "Size").number(2).raw(0x85, 0x85);
    assertThat(((Sequence) read(size.op('R'))).items()).containsExactly(new Scalar(2L));
    PickleBuilder device = new PickleBuilder().global("torch", "device").text("cuda").number(1);
    assertThat(((Instance) read(device.raw(0x86).op('R'))).attributes())
        .containsEntry("type", new Scalar("cuda"))
        .containsEntry("index", new Scalar(1L));
    PickleBuilder set = new PickleBuilder().raw(0x8f).op('(').number(1).raw(0x90);
    assertThat(((Sequence) read(set)).kind()).isEqualTo(Sequence.Kind.SET);
    PickleBuilder bytes = new PickleBuilder().raw(0x8e).littleEndian(2, 8).raw(1, 2);
    assertThat(((Bytes) read(bytes)).value()).containsExactly(1, 2);
  }

  @Test
  void forgetsWhatIsPoppedButNotWhatIsKept() throws IOException {
    PickleBuilder pickle = new PickleBuilder().text("kept").raw(0x94).raw('0', '(', 'N', 'N', '1');
    assertThat(read(pickle.raw('h', 0, '2', '0'))).isEqualTo(new Scalar("kept"));
  }

  @Test
  void readsTensorsInUntypedStorages() throws IOException {
    PickleBuilder pickle = new PickleBuilder().global("torch._utils", "_rebuild_tensor_v3").op('(');
    pickle.op('(').text("storage").global("torch.storage", "UntypedStorage");
    pickle.text("0").text("cpu").number(8).op('t').op('Q').number(1);
    pickle.number(2).raw(0x85).number(1).raw(0x85, 0x89, 'N').global("torch", "int16").op('}');
    PythonTensor tensor = (PythonTensor) read(pickle.op('t').op('R'));
    storages.find("0").fill(new byte[] {1, 0, 2, 0, 3, 0, 4, 0});
    assertThat(tensor.tensor())
        .isEqualTo(Tensor.ofBytes(ElementType.INT16, new byte[] {2, 0, 3, 0}, 2));
  }

  @Test
  void readsTensorsInPartsOfStoragesAsTheFirstVersionsWroteThem() throws IOException {
    PickleBuilder pickle = new PickleBuilder().global("torch._utils", "_rebuild_tensor").op('(');
    pickle.op('(').text("storage").global("torch", "ByteStorage").text("0").text("cpu").number(6);
    pickle.op('(').text("1").number(2).number(3).op('t').op('t').op('Q').number(1);
    pickle.number(2).raw(0x85).number(1).raw(0x85);
    PythonTensor tensor = (PythonTensor) read(pickle.op('t').op('R'));
    storages.find("0").fill(new byte[] {0, 1, 2, 3, 4, 5});
    assertThat(tensor.tensor()).isEqualTo(Tensor.ofBytes(ElementType.UINT8, new byte[] {3, 4}, 2));
  }

  private PythonValue read(PickleBuilder pickle) throws IOException {
    byte[] bytes = pickle.op('.').bytes();
    PickleInput in = new PickleInput(new ByteArrayInputStream(bytes), bytes.length, "pickle");
    return new PickleReader(in, storages, "pickle").read();
  }
}
