package io.github.condensenet4j.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.RandomModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class NetworkPicturesTest {

  private static final CondensedModel MODEL =
      RandomModel.condensed(ArchitectureRegistry.describe("cdnv2_110"));

  @TempDir private Path folder;

  private static NetworkPictures pictures() {
    return new NetworkPictures(MODEL.description(), MODEL.weights());
  }

  @Test
  void writesAPageAndAPictureOfEachBlock() throws IOException {
    List<Path> written = pictures().write(folder.resolve("new/pictures"));

    assertThat(written)
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "index.html",
            "architecture.png",
            "kept.png",
            "denseblock_1-learned.png",
            "denseblock_1-reactivation.png",
            "denseblock_2-learned.png",
            "denseblock_2-reactivation.png",
            "denseblock_3-learned.png",
            "denseblock_3-reactivation.png");
    for (Path file : written.subList(1, written.size())) {
      BufferedImage image = ImageIO.read(file.toFile());
      long colours =
          IntStream.range(0, image.getWidth() * image.getHeight())
              .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
              .distinct()
              .count();
      assertThat(colours).as(file.toString()).isGreaterThan(3);
    }
  }

  @Test
  void thePageNeedsNothingElseAndIsAlwaysTheSame() throws IOException {
    Path page = pictures().write(folder).get(0);
    String html = Files.readString(page);
    pictures().write(folder);

    assertThat(html)
        .startsWith("<!doctype html>")
        .contains("converted_cdnv2_110", "Layer 3 reads the block's input", "12.5 %")
        .doesNotContain("http", "<script", "src=", "@import", "url(");
    assertThat(Files.readString(page)).isEqualTo(html);
  }

  @Test
  void drawingsAreProperXml() throws Exception {
    ModelDescription model = ArchitectureRegistry.describe("cdnv2_c");
    String svg = SvgCanvas.draw(new ArchitectureDrawing(model.architecture()), "a < b & \"c\"");

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void leavesOtherFilesAloneAndSaysWhereItCannotWrite() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    pictures().write(folder);

    assertThat(notes).hasContent("mine");
    assertThatThrownBy(() -> pictures().write(notes))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("notes.txt");
  }
}
