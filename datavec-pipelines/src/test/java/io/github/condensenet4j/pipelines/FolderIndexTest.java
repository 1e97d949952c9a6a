package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.Sha256;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderIndexTest {

  @TempDir private Path folder;

  @BeforeEach
  void makeFolders() throws IOException {
    for (String name :
        new String[] {"cat/b.png", "cat/deep/a.JPG", "dog/x y.png", "dog/notes.txt"}) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private Path index() {
    return folder.resolve(FolderIndex.FILE_NAME);
  }

  @Test
  void keepsWhatItListed() throws IOException {
    Files.writeString(folder.resolve("dog/new\nline\\.png"), "odd");

    Path written = FolderIndex.list(folder, 3).write();

    FolderIndex index = FolderIndex.find(folder).orElseThrow();
    assertThat(written).isEqualTo(index());
    assertThat(index.classNames()).containsExactly("cat", "dog");
    assertThat(index.files("cat")).containsExactly("cat/b.png", "cat/deep/a.JPG");
    assertThat(index.files("dog")).containsExactly("dog/new\nline\\.png", "dog/x y.png");
    assertThat(index.images()).isEqualTo(4);
    assertThat(index.bytes()).isEqualTo(9 + 14 + 11 + 3);
    assertThat(index.sha256()).isEqualTo(FolderIndex.list(folder, 1).sha256());
  }

  @Test
  void servesTheDatasetWithoutListing() throws IOException {
    FolderIndex.list(folder, 1).write();

    ImageFolderDataset images = ImageFolderDataset.open(folder, Preprocessing.cifar10(32));

    assertThat(images.size()).isEqualTo(3);
    assertThat(images.classNames()).containsExactly("cat", "dog");
    assertThat(images.name(2)).isEqualTo(folder.resolve("dog/x y.png").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat/new.png", "cat/deep/new.png", "bird/new.png"})
  void isNotUsedOnceAFolderHasChanged(String added) throws IOException {
    FolderIndex.list(folder, 1).write();
    Path file = folder.resolve(added);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "new");
    // As if the listing had been some time ago; clocks of file systems are coarse.
    Files.setLastModifiedTime(file.getParent(), FileTime.fromMillis(1));

    assertThat(FolderIndex.find(folder)).isEmpty();
    assertThat(ImageFolderDataset.open(folder, Preprocessing.cifar10(32)).size()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret.png", "/etc/secret.png", "cat/../../secret.png", "./cat/a.png"})
  void refusesPathsThatLeadElsewhere(String path) throws IOException {
    String line = "file\t1\t" + path + "\n";
    String sum = Sha256.of(line.getBytes(StandardCharsets.UTF_8));
    Files.writeString(index(), "condensenet4j image index 1\nsha256\t" + sum + "\n" + line);

    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> FolderIndex.read(folder))
        .withMessageContaining(index() + "")
        .withMessageContaining("lies outside the folder; remove it");
  }

  @ParameterizedTest
  @CsvSource({
    "9\\tcat, 8\\tcat, its sum does not fit",
    "image index 1, image index 2, does not begin with",
    "file\\t9, file\\tx, holds the line",
    "folder\\t, holder\\t, holds the line"
  })
  void passesDamageOver(String found, String put, String why) throws IOException {
    FolderIndex.list(folder, 1).write();
    String text = Files.readString(index());
    String damaged = text.replace(found.replace("\\t", "\t"), put.replace("\\t", "\t"));
    assertThat(damaged).isNotEqualTo(text);
    Files.writeString(index(), damaged);

    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> FolderIndex.read(folder))
        .withMessageContaining(why);
    assertThat(FolderIndex.find(folder)).as("listed anew").isEmpty();
  }
}
