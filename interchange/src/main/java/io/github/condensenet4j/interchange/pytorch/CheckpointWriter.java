package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.ZipWriter;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes checkpoints as {@code torch.save} does since PyTorch 1.6: a zip archive with a pickle and,
 * beside it, the bytes of each tensor.
 *
 * <p>{@code torch.load(file)["state_dict"]} is an {@code OrderedDict} that the official networks
 * take with {@code load_state_dict(strict=True)}; the pickle names nothing but tensors and that
 * dictionary, so that {@code weights_only=True} takes it as well. The same tensors give the same
 * file, to the byte.
 */
public final class CheckpointWriter {

  private static final String FOLDER = "archive/";

  private final PickleOutput pickle = new PickleOutput();
  private final List<Tensor> storages = new ArrayList<>();
  private final String prefix;

  private CheckpointWriter(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Writes a checkpoint.
   *
   * @param file file to write; one that is there is replaced
   * @param architecture name that the official code gives to the network
   * @param weights its tensors, by their official names
   * @param ema its averaged tensors, if there are any
   * @param prefix what comes before each name: {@code module.} where the official code loads into a
   *     network that is wrapped for parallel training, else nothing
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written
   */
  public static void write(
      Path file, String architecture, StateDict weights, Optional<StateDict> ema, String prefix) {
    CheckpointWriter writer = new CheckpointWriter(prefix);
    byte[] pickle = writer.root(architecture, weights, ema);
    AtomicFile.write(
        file,
        out -> {
          ZipWriter zip = new ZipWriter(out);
          zip.entry(FOLDER + "data.pkl", pickle);
          zip.entry(FOLDER + "byteorder", ascii("little"));
          for (int i = 0; i < writer.storages.size(); i++) {
            Tensor tensor = writer.storages.get(i);
            zip.entry(FOLDER + "data/" + i, data -> data.write(tensor.toBytes()));
          }
          zip.entry(FOLDER + "version", ascii("3\n"));
          zip.finish(sum -> "");
        });
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] root(String architecture, StateDict weights, Optional<StateDict> ema) {
    pickle.emptyDictionary().mark();
    pickle.text("arch").text(architecture);
    // What the official saver calls a checkpoint whose epoch is the last one done.
    pickle.text("version").integer(2);
    pickle.text("state_dict");
    tensors(weights);
    ema.ifPresent(
        averaged -> {
          pickle.text("state_dict_ema");
          tensors(averaged);
        });
    return pickle.setItems().finish();
  }

  private void tensors(StateDict tensors) {
    orderedDictionary();
    pickle.mark();
    for (Map.Entry<String, Tensor> tensor : tensors.asMap().entrySet()) {
      pickle.text(prefix + tensor.getKey());
      tensor(tensor.getValue());
    }
    pickle.setItems();
  }

  private void orderedDictionary() {
    pickle.global("collections", "OrderedDict").emptyTuple().reduce();
  }

  private void tensor(Tensor tensor) {
    int[] shape = tensor.shape();
    long[] size = new long[shape.length];
    long[] stride = new long[shape.length];
    long step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      size[d] = shape[d];
      stride[d] = step;
      step *= shape[d];
    }
    pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
    pickle
        .mark()
        .text("storage")
        .global("torch", storageOf(tensor.type()))
        .text(String.valueOf(storages.size()))
        .text("cpu")
        .integer(tensor.size())
        .tuple()
        .persistent();
    pickle.integer(0).integers(size).integers(stride).no();
    orderedDictionary();
    pickle.tuple().reduce();
    storages.add(tensor);
  }

  private static String storageOf(ElementType type) {
    return switch (type) {
      case FLOAT16 -> "HalfStorage";
      case BFLOAT16 -> "BFloat16Storage";
      case FLOAT32 -> "FloatStorage";
      case FLOAT64 -> "DoubleStorage";
      case UINT8 -> "ByteStorage";
      case INT8 -> "CharStorage";
      case INT16 -> "ShortStorage";
      case INT32 -> "IntStorage";
      case INT64 -> "LongStorage";
      case BOOL -> "BoolStorage";
    };
  }
}
