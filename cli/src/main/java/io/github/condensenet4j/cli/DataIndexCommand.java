package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.pipelines.FolderIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists image folders once and for all. */
@Command(
    name = "index",
    description = {
      "Lists the files of an image folder and writes the list into it, as "
          + FolderIndex.FILE_NAME
          + "; folders of millions of images then open at once.",
      "The list is used as long as nothing is added, removed or renamed. Its sum over names and"
          + " sizes tells whether two copies of the data are the same."
    })
final class DataIndexCommand extends SubCommand {

  @Mixin private DataOptions data;
  @Mixin private FormatOption format;

  DataIndexCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    int threads = data.loaderThreads();
    Datasets datasets = data.datasets(null);
    if (datasets.kind() != DatasetKind.IMAGE_FOLDER) {
      throw new InvalidOptionException(
          "--data is "
              + datasets.data()
              + ", "
              + datasets.kind().word()
              + "; only folders of image files have an index");
    }
    Map<Path, FolderIndex> written = new LinkedHashMap<>();
    for (Path folder : datasets.imageFolders()) {
      FolderIndex index = FolderIndex.list(folder, threads);
      if (index.images() == 0) {
        throw new InvalidFileException(
            folder, "holds no class folders with images, nothing to list");
      }
      written.put(index.write(), index);
    }
    print(written);
    return ExitCode.OK;
  }

  private void print(Map<Path, FolderIndex> written) {
    if (format.isJson()) {
      List<Map<String, Object>> all = new ArrayList<>();
      written.forEach(
          (file, index) -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("file", file.toString());
            facts.put("images", index.images());
            facts.put("classes", index.classNames().size());
            facts.put("bytes", index.bytes());
            facts.put("sha256", index.sha256());
            all.add(facts);
          });
      console().out().print(JsonValue.of(Map.of("indexes", all)).pretty());
      return;
    }
    written.forEach(
        (file, index) ->
            console()
                .out()
                .printf(
                    "indexed: %s, %,d images of %,d classes, %,d bytes, sha256 %s%n",
                    file,
                    index.images(),
                    index.classNames().size(),
                    index.bytes(),
                    index.sha256()));
  }
}
