package io.github.condensenet4j.interchange.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileCheckpointTest {

  @TempDir private Path folder;

  static Stream<Arguments> pickles() {
    long[] one = {1};
    return Stream.of(
        hostile(
            "a call of os.system",
            "names the Python global posix.system",
            new PickleBuilder().global("posix", "system").text("id").raw(0x85).op('R')),
        hostile(
            "a global by texts on the stack",
            "names the Python global os.system",
            new PickleBuilder().text("os").text("system").raw(0x93)),
        hostile(
            "a global that is only named",
            "names the Python global builtins.eval",
            new PickleBuilder().global("builtins", "eval")),
        hostile(
            "a harmless module's dangerous name",
            "names the Python global torch.load",
            new PickleBuilder().global("torch", "load")),
        hostile(
            "a name that walks through a known one",
            "names the Python global collections.OrderedDict.__init__",
            new PickleBuilder().global("collections", "OrderedDict.__init__")),
        hostile(
            "a name with unprintable letters",
            "names the Python global o?s.sys?em",
            new PickleBuilder().global("o\u0007s", "sys\u001bem")),
        hostile(
            "a class made by protocol 0",
            "pickle operation 0x69",
            new PickleBuilder().op('(').op('i')),
        hostile("an extension code", "pickle operation 0x82", new PickleBuilder().raw(0x82, 1)),
        hostile(
            "a call of what is no function",
            "calls what is not a function",
            new PickleBuilder().text("f").op(')').op('R')),
        hostile(
            "a storage class that is called",
            "spells torch.FloatStorage in a way that PyTorch does not",
            new PickleBuilder().global("torch", "FloatStorage").op(')').op('R')),
        hostile(
            "state for a text",
            "spells the state of an object in a way that PyTorch does not",
            new PickleBuilder().text("a").op('}').op('b')),
        hostile(
            "a persistent id that is a text",
            "refers to something else than a storage",
            new PickleBuilder().text("storage").op('Q')),
        hostile(
            "a persistent id of a module",
            "refers to something else than a storage",
            new PickleBuilder()
                .op('(')
                .text("module")
                .op(')')
                .text("a")
                .text("b")
                .number(1)
                .op('t')
                .op('Q')),
        hostile(
            "a persistent id that names a file",
            "by a key or size that it cannot have",
            new PickleBuilder().storage("FloatStorage", "../../etc/passwd", 1)),
        hostile(
            "a storage of negative size",
            "by a key or size that it cannot have",
            new PickleBuilder().storage("FloatStorage", "0", -1)),
        hostile(
            "a storage of 2^60 elements",
            "more than one array of 2 GiB holds",
            new PickleBuilder().storage("FloatStorage", "0", 1L << 60)),
        hostile(
            "a storage of two sizes",
            "describes storage 0 in two ways",
            new PickleBuilder().storage("FloatStorage", "0", 1).storage("FloatStorage", "0", 2)),
        hostile(
            "a storage of two types",
            "describes storage 0 in two ways",
            new PickleBuilder().storage("FloatStorage", "0", 1).storage("IntStorage", "0", 1)),
        hostile(
            "a tensor that starts before its storage",
            "reaches beyond its storage",
            new PickleBuilder().tensor("FloatStorage", "0", 1, -1, one, one)),
        hostile(
            "a tensor that ends behind its storage",
            "reaches beyond its storage",
            new PickleBuilder().tensor("FloatStorage", "0", 1, 1, one, one)),
        hostile(
            "a tensor that walks backwards",
            "reaches beyond its storage",
            new PickleBuilder().tensor("FloatStorage", "0", 1, 0, one, new long[] {-1})),
        hostile(
            "a tensor whose strides overflow",
            "reaches beyond its storage",
            new PickleBuilder()
                .tensor(
                    "FloatStorage", "0", 1, 0, new long[] {5, 5}, new long[] {1L << 62, 1L << 62})),
        hostile(
            "a tensor whose size overflows",
            "reaches beyond its storage",
            new PickleBuilder()
                .tensor("FloatStorage", "0", 1, 0, new long[] {1 << 30, 1 << 30, 16}, new long[3])),
        hostile(
            "a tensor that hides its size behind a zero",
            "reaches beyond its storage",
            new PickleBuilder()
                .tensor("FloatStorage", "0", 1, 0, new long[] {1 << 30, 1 << 30, 0}, new long[3])),
        hostile(
            "a tensor without as many strides",
            "reaches beyond its storage",
            new PickleBuilder().tensor("FloatStorage", "0", 1, 0, new long[] {1, 1}, one)),
        hostile(
            "a text of 4 GiB",
            "claims 4294967295 bytes where",
            new PickleBuilder().op('X').littleEndian(-1, 4)),
        hostile(
            "a text of 2^64 bytes",
            "claims 18446744073709551615 bytes where",
            new PickleBuilder().raw(0x8d).littleEndian(-1, 8)),
        hostile(
            "bytes of 2^62",
            "claims 4611686018427387904 bytes where",
            new PickleBuilder().raw(0x8e).littleEndian(1L << 62, 8)),
        hostile(
            "an integer of 2 GiB",
            "claims an integer of 2147483647 bytes",
            new PickleBuilder().raw(0x8b).littleEndian(Integer.MAX_VALUE, 4)),
        hostile(
            "a frame of 2^62 bytes",
            "claims a frame of",
            new PickleBuilder().raw(0x95).littleEndian(1L << 62, 8)),
        hostile(
            "a list that contains itself",
            "contains itself",
            new PickleBuilder().op(']').raw('q', 0, 'h', 0).op('a')),
        hostile(
            "a dictionary that contains itself through a tuple",
            "contains itself",
            new PickleBuilder().op('}').raw('q', 0).text("k").raw('h', 0, 0x85).op('s')),
        hostile(
            "lists a hundred thousand deep",
            "nested deeper than 64 levels",
            new PickleBuilder().repeat("]", 100_000).repeat("a", 99_999)),
        hostile(
            "tuples that double a hundred times",
            "nested deeper than 64 levels",
            new PickleBuilder().op(')').repeat("2\u0086", 100)),
        hostile("a set of a long list, made again and again", "copies more than", copies()),
        hostile(
            "three million empty lists",
            "has a pickle of more than",
            new PickleBuilder().repeat("]", 3_000_000)),
        hostile(
            "a dictionary with a list as key",
            "keys are neither texts nor numbers",
            new PickleBuilder().op('}').op(']').text("v").op('s')),
        hostile(
            "items for a tuple",
            "adds items to what cannot take them",
            new PickleBuilder().op(')').op('N').op('a')),
        hostile("a value that was never kept", "recalls value 7", new PickleBuilder().raw('h', 7)),
        hostile("an empty stack", "takes a value from an empty stack", new PickleBuilder().op('R')),
        hostile(
            "a mark without values", "closes what it never opened", new PickleBuilder().op('t')),
        hostile("values left behind", "leaves values behind", new PickleBuilder().op('N').op('N')),
        hostile("protocol 0", "pickle protocol 0", new PickleBuilder().raw(0x80, 0)),
        hostile("protocol 6", "pickle protocol 6", new PickleBuilder().raw(0x80, 6)),
        hostile("a list as root", "holds no dictionary", new PickleBuilder().op(']')));
  }

  private static PickleBuilder copies() {
    return new PickleBuilder()
        .global("builtins", "set")
        .raw('q', 0, '0', ']', '(')
        .repeat("N", 100_000)
        .raw('e', 0x85, 'q', 1, '0')
        .op('(')
        .repeat("h\u0000h\u0001R", 1_000)
        .op('t');
  }

  private static Arguments hostile(String what, String message, PickleBuilder pickle) {
    return Arguments.of(what, message, pickle);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pickles")
  void refusesInOneLine(String what, String message, PickleBuilder pickle) {
    Path file = pickle.writeTo(folder.resolve("hostile.pth"), Map.of("data/0", new byte[4]));
    assertRefused(file, message);
  }

  @Test
  void namesTheGlobalOfAPickleThatIsNoCheckpointAtAll() throws IOException {
    Path file = folder.resolve("evil.pkl");
    byte[] pickle =
        new PickleBuilder().global("os", "system").text("id").raw(0x85).op('R').op('.').bytes();
    Files.write(file, pickle);
    assertRefused(file, "names the Python global os.system");
  }

  @Test
  void refusesTensorsThatRepeatAFewBytesWithoutEnd() {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    for (int i = 0; i < 20; i++) {
      pickle
          .text("t" + i)
          .tensor("FloatStorage", "0", 1, 0, new long[] {4096, 4096}, new long[] {0, 0});
    }
    Path file = pickle.op('u').writeTo(folder.resolve("x.pth"), Map.of("data/0", new byte[4]));
    PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(file);
    assertThatThrownBy(() -> checkpoint.stateDict(WeightsKind.RAW))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("repeat the elements of storages of 4 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 4096})
  void refusesAStorageOfAnotherSizeThanItsEntry(int bytes) {
    PickleBuilder pickle = new PickleBuilder().op('}').text("w");
    pickle.tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1}).op('s');
    assertRefused(
        pickle.writeTo(folder.resolve("x.pth"), Map.of("data/0", new byte[bytes])),
        "entry archive/data/0 has " + bytes + " bytes, 4 expected");
  }

  @Test
  void refusesAStorageThatIsNotThere() {
    PickleBuilder pickle = new PickleBuilder().op('}').text("w");
    pickle.tensor("FloatStorage", "7", 1, 0, new long[] {1}, new long[] {1}).op('s');
    assertRefused(
        pickle.writeTo(folder.resolve("x.pth"), Map.of("data/0", new byte[4])),
        "has no entry archive/data/7");
  }

  @Test
  void readsBigEndianStorages() {
    PickleBuilder pickle = new PickleBuilder().op('}').text("w");
    pickle.tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1}).op('s');
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    entries.put("data/0", new byte[] {0x3f, (byte) 0x80, 0, 0, (byte) 0xc0, 0, 0, 0});
    Path file = pickle.writeTo(folder.resolve("x.pth"), entries);
    assertThat(PyTorchCheckpoint.read(file).stateDict(WeightsKind.RAW).get("w"))
        .isEqualTo(Tensor.ofFloats(new float[] {1, -2}, 2));
  }

  @Test
  void refusesNamesThatAreTheSameWithoutTheirPrefix() {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    for (String name : List.of("w", "module.w")) {
      pickle.text(name).tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1});
    }
    Path file = pickle.op('u').writeTo(folder.resolve("x.pth"), Map.of("data/0", new byte[4]));
    PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(file);
    assertThatThrownBy(() -> checkpoint.stateDict(WeightsKind.RAW))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("has w twice");
  }

  @Test
  void refusesACompressionBomb() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(member)) {
      out.write(new byte[1 << 24]);
    }
    Path gzip = folder.resolve("bomb.pth.gz");
    try (OutputStream out = Files.newOutputStream(gzip)) {
      for (int i = 0; i < 17; i++) {
        member.writeTo(out);
      }
    }
    assertRefused(gzip, "is a gzip bomb");
  }

  @Test
  void saysWhatAForeignFileIs() throws IOException {
    Path file = folder.resolve("x.pth");
    Files.write(file, new byte[0]);
    assertRefused(file, "is empty");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");
    assertRefused(file, "is a git-lfs pointer");
    Files.writeString(file, "<html>");
    assertRefused(file, "is no PyTorch checkpoint");
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    Files.write(file, tar);
    assertRefused(file, "is a tar archive");
    assertRefused(folder.resolve("nothing.pth"), "does not exist");
    assertRefused(folder, "is a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tricky_tensors.pth", "tricky_tensors_legacy.pth"})
  void refusesEveryTruncation(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Reference.of("checkpoints/" + name));
    Path file = folder.resolve("short.pth");
    for (int length = 0; length < whole.length; length += 29) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(file, "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tricky_tensors.pth", "tricky_tensors_legacy.pth", "pickle_protocol4.pth"})
  void eitherReadsOrRefusesDamagedFiles(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Reference.of("checkpoints/" + name));
    Random random = new Random(17);
    Path file = folder.resolve("damaged.pth");
    for (int i = 0; i < 400; i++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      readOrRefuse(file);
    }
  }

  /**
   * The zip's checksums catch most damage before the pickle is run; here it is run all the same.
   */
  @Test
  void eitherRunsOrRefusesDamagedPickles() throws IOException {
    byte[] container = Files.readAllBytes(Reference.of("checkpoints/tricky_tensors_legacy.pth"));
    byte[] pickle = Arrays.copyOfRange(container, 137, 2974);
    Random random = new Random(23);
    for (int i = 0; i < 4_000; i++) {
      byte[] damaged = pickle.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      PickleInput in =
          new PickleInput(new ByteArrayInputStream(damaged), damaged.length, "damaged");
      try {
        assertThat(new PickleReader(in, new StorageTable("damaged"), "damaged").read()).isNotNull();
      } catch (InvalidFileException e) {
        assertThat(e.getMessage()).startsWith("damaged: ").doesNotContain("\n");
      }
    }
  }

  private static void readOrRefuse(Path file) {
    try {
      PyTorchCheckpoint checkpoint = PyTorchCheckpoint.read(file);
      checkpoint.stateDict(WeightsKind.RAW);
      checkpoint.momentum();
    } catch (InvalidFileException e) {
      assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
    }
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> PyTorchCheckpoint.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
