package io.github.condensenet4j.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("a.zip");
  }

  @ParameterizedTest(name = "deflated: {0}")
  @ValueSource(booleans = {true, false})
  void readsWhatJavaWrites(boolean isDeflated) throws IOException {
    Map<String, byte[]> entries = entries();
    Files.write(file, written(entries, isDeflated));
    try (ZipArchive archive = ZipArchive.open(file)) {
      assertThat(archive.names()).containsExactlyElementsOf(entries.keySet());
      entries.forEach(
          (name, bytes) -> {
            assertThat(archive.size(name)).isEqualTo(bytes.length);
            assertThat(archive.bytes(name, bytes.length)).isEqualTo(bytes);
          });
    }
  }

  @Test
  void readsWhatTheWriterWritesAndSoDoesJava() throws IOException {
    Map<String, byte[]> entries = entries();
    AtomicFile.write(
        file,
        out -> {
          ZipWriter zip = new ZipWriter(out);
          for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            assertThat(zip.entry(entry.getKey(), entry.getValue()))
                .isEqualTo(new ZipWriter.Sum(entry.getValue().length, Sha256.of(entry.getValue())));
          }
          zip.finish(sum -> "sum " + sum);
        });
    try (ZipArchive archive = ZipArchive.open(file);
        ZipFile java = new ZipFile(file.toFile())) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        assertThat(archive.bytes(entry.getKey(), 1 << 20)).isEqualTo(entry.getValue());
        assertThat(java.getInputStream(java.getEntry(entry.getKey())))
            .hasBinaryContent(entry.getValue());
      }
      byte[] before = archive.beforeComment().readAllBytes();
      assertThat(java.getComment()).isEqualTo("sum " + Sha256.of(before));
      assertThat(Files.size(file)).isEqualTo(before.length + java.getComment().length());
      assertThat(archive.comment()).asString().isEqualTo(java.getComment());
    }
  }

  @Test
  void writesNoContentThatChangesMeanwhile() {
    int[] calls = new int[1];
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file, out -> new ZipWriter(out).entry("a", to -> to.write(calls[0]++))))
        .hasMessageContaining("entry a changed while it was being written");
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesEntriesBeyondALimitOrWithoutAName() throws IOException {
    Files.write(file, written(entries(), true));
    try (ZipArchive archive = ZipArchive.open(file)) {
      assertThatThrownBy(() -> archive.bytes("folder/long", 10))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageEndingWith("entry folder/long has 100000 bytes, at most 10 expected");
      assertThatThrownBy(() -> archive.bytes("nothing", 10))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("has no entry nothing, found empty, short, folder/long");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../evil, points out of the archive",
    "a/../../evil, points out of the archive",
    "/etc/passwd, points out of the archive",
    "a\\b, points out of the archive",
    "'a\nb', unprintable characters"
  })
  void refusesNamesThatPointElsewhere(String name, String message) throws IOException {
    Files.write(file, written(Map.of(name, new byte[3]), false));
    assertRefused(message);
  }

  @Test
  void refusesTwoEntriesOfOneName() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("entry_a", new byte[3]);
    entries.put("entry_b", new byte[3]);
    String bytes = new String(written(entries, false), StandardCharsets.ISO_8859_1);
    Files.writeString(file, bytes.replace("entry_b", "entry_a"), StandardCharsets.ISO_8859_1);
    assertRefused("has two entries called entry_a");
  }

  @Test
  void refusesEntriesThatOverlap() throws IOException {
    byte[] inner = written(Map.of("inner", new byte[50]), false);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("outer", inner);
    entries.put("inner", new byte[50]);
    byte[] bytes = written(entries, false);
    // Let the directory's inner entry point to the local header within the outer one's data.
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(bytes.length - 6);
    int second = directory + 46 + "outer".length();
    buffer.putInt(second + 42, 30 + "outer".length());
    Files.write(file, bytes);
    assertRefused("overlaps another");
  }

  @Test
  void refusesSizesThatTheBytesCannotHold() throws IOException {
    byte[] bytes = written(Map.of("bomb", new byte[1000]), true);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(buffer.getInt(bytes.length - 6) + 24, 1 << 30);
    Files.write(file, bytes);
    assertRefused("which 11 cannot hold");
  }

  @Test
  void refusesBombsBeforeUnpackingThem() throws IOException {
    sayThatRandomBytesUnpackTo(300_000_000);
    assertRefused("is a zip bomb");
  }

  @Test
  void refusesAnEntryThatIsShorterThanItSays() throws IOException {
    sayThatRandomBytesUnpackTo(300_001);
    try (ZipArchive archive = ZipArchive.open(file)) {
      assertThatThrownBy(() -> archive.bytes("random", 1 << 20))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("entry random is shorter than it says");
    }
  }

  @Test
  void refusesAnEntryThatIsLongerThanItSays() throws IOException {
    sayThatRandomBytesUnpackTo(299_999);
    try (ZipArchive archive = ZipArchive.open(file)) {
      assertThatThrownBy(() -> archive.bytes("random", 1 << 20))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("entry random does not have the checksum it should");
    }
  }

  private void sayThatRandomBytesUnpackTo(int size) throws IOException {
    byte[] random = new byte[300_000];
    new Random(9).nextBytes(random);
    byte[] bytes = written(Map.of("random", random), true);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(buffer.getInt(bytes.length - 6) + 24, size);
    Files.write(file, bytes);
  }

  @Test
  void eitherReadsOrRefusesDamagedArchives() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.replace("folder/long", new byte[200]);
    for (boolean isDeflated : new boolean[] {true, false}) {
      byte[] whole = written(entries, isDeflated);
      Random random = new Random(31);
      for (int i = 0; i < 1_000; i++) {
        byte[] damaged = Arrays.copyOf(whole, whole.length - (i % 4 == 0 ? random.nextInt(50) : 0));
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        Files.write(file, damaged);
        readOrRefuse();
      }
    }
  }

  private void readOrRefuse() {
    try (ZipArchive archive = ZipArchive.open(file)) {
      for (String name : archive.names()) {
        archive.bytes(name, 1 << 20);
      }
    } catch (InvalidFileException e) {
      assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> ZipArchive.open(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static Map<String, byte[]> entries() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("empty", new byte[0]);
    entries.put("short", new byte[] {1, 2, 3});
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 0, 50_000, (byte) 7);
    entries.put("folder/long", bytes);
    return entries;
  }

  private static byte[] written(Map<String, byte[]> entries, boolean isDeflated)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!isDeflated) {
      ZipWriter zip = new ZipWriter(out);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.entry(entry.getKey(), entry.getValue());
      }
      zip.finish(sum -> "");
      return out.toByteArray();
    }
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return out.toByteArray();
  }
}
