package io.github.condensenet4j.visualization;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.tensor.StateDict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The pictures of a network: heat maps of its blocks (CondenseNet, section 4.4; CondenseNetV2,
 * section 4.4), the connections that are kept, and the architecture.
 *
 * <p>{@code index.html} shows all of them and needs no other file; each is a PNG file besides. The
 * same network gives the same page, to the byte.
 */
public final class NetworkPictures {

  private static final String PAGE = "index.html";

  private final ModelDescription model;
  private final List<ConnectionMap> maps;
  private final List<KeptConnections> kept;

  /**
   * Looks at a network, converted or not.
   *
   * @throws io.github.condensenet4j.core.CondenseNetException if the weights are not the model's
   */
  public NetworkPictures(ModelDescription model, StateDict weights) {
    this.model = model;
    this.maps = new Connections(model, weights).maps();
    this.kept = KeptConnections.of(model.architecture(), maps);
  }

  /**
   * Writes page and pictures into {@code folder}, which is made if it is missing. Files of these
   * names are replaced, others left alone.
   *
   * @return the files, the page first
   * @throws io.github.condensenet4j.core.CondenseNetException if they cannot be written
   */
  public List<Path> write(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw FileProblem.writing(folder, e);
    }
    List<Path> written = new ArrayList<>();
    Path page = folder.resolve(PAGE);
    byte[] html = new NetworkPage(model, maps, kept).toHtml().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(page, out -> out.write(html));
    written.add(page);
    pictures()
        .forEach(
            (name, drawing) -> {
              Path file = folder.resolve(name + ".png");
              AtomicFile.write(file, out -> PngCanvas.draw(drawing, out));
              written.add(file);
            });
    return List.copyOf(written);
  }

  private Map<String, Drawing> pictures() {
    Map<String, Drawing> pictures = new LinkedHashMap<>();
    pictures.put("architecture", new ArchitectureDrawing(model.architecture()));
    pictures.put("kept", new KeptDrawing(kept));
    for (ConnectionMap map : maps) {
      String name = map.block() + "-" + map.kind().name().toLowerCase(Locale.ROOT);
      pictures.put(name, new HeatMapDrawing(map));
    }
    return pictures;
  }
}
