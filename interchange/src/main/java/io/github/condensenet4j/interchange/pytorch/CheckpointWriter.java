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

  private final String architecture;
  private final StateDict weights;
  private final PickleOutput pickle = new PickleOutput();
  private final List<Tensor> storages = new ArrayList<>();
  private String prefix = "";
  private Optional<StateDict> ema = Optional.empty();
  private Optional<Run> run = Optional.empty();

  /** What it takes to go on with a run. */
  private record Run(SgdState optimizer, int lastEpoch, double bestTop1) {}

  private CheckpointWriter(String architecture, StateDict weights) {
    this.architecture = architecture;
    this.weights = weights;
  }

  /**
   * Starts a checkpoint.
   *
   * @param architecture name that the official code gives to the network
   * @param weights its tensors, by their official names
   */
  public static CheckpointWriter of(String architecture, StateDict weights) {
    return new CheckpointWriter(architecture, weights);
  }

  /**
   * Sets what comes before each name: {@code module.} where the official code loads into a network
   * that is wrapped for parallel training; nothing unless set.
   */
  public CheckpointWriter prefix(String newPrefix) {
    prefix = newPrefix;
    return this;
  }

  /** Adds the averaged tensors. */
  public CheckpointWriter ema(StateDict averaged) {
    ema = Optional.of(averaged);
    return this;
  }

  /**
   * Adds what it takes to go on with a run.
   *
   * @param state where the optimiser stands
   * @param lastEpoch the last epoch that was finished, from 0
   * @param bestTop1 best accuracy so far, in percent
   */
  public CheckpointWriter run(SgdState state, int lastEpoch, double bestTop1) {
    run = Optional.of(new Run(state, lastEpoch, bestTop1));
    return this;
  }

  /**
   * Writes the checkpoint, once.
   *
   * @param file file to write; one that is there is replaced
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written
   */
  public void write(Path file) {
    byte[] root = root();
    AtomicFile.write(
        file,
        out -> {
          ZipWriter zip = new ZipWriter(out);
          zip.entry(FOLDER + "data.pkl", root);
          zip.entry(FOLDER + "byteorder", ascii("little"));
          for (int i = 0; i < storages.size(); i++) {
            Tensor tensor = storages.get(i);
            zip.entry(FOLDER + "data/" + i, data -> data.write(tensor.toBytes()));
          }
          zip.entry(FOLDER + "version", ascii("3\n"));
          zip.finish(sum -> "");
        });
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] root() {
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
    run.ifPresent(
        saved -> {
          pickle.text("epoch").integer(saved.lastEpoch());
          pickle.text("best_prec1").number(saved.bestTop1());
          pickle.text("metric").number(saved.bestTop1());
          pickle.text("optimizer");
          optimizer(saved.optimizer());
        });
    return pickle.setItems().finish();
  }

  /** Numbers parameters as {@code torch.optim.SGD} does: group by group. */
  private void optimizer(SgdState state) {
    List<Tensor> vectors = new ArrayList<>();
    List<Tensor> others = new ArrayList<>();
    state
        .velocities()
        .asMap()
        .forEach(
            (name, tensor) -> {
              boolean isVector = tensor.shape().length == 1 || name.endsWith(".bias");
              (isVector && !state.decaysVectors() ? vectors : others).add(tensor);
            });
    List<Tensor> all = new ArrayList<>(vectors);
    all.addAll(others);
    pickle.emptyDictionary().mark();
    pickle.text("state").emptyDictionary().mark();
    for (int i = 0; i < all.size(); i++) {
      pickle.integer(i).emptyDictionary().mark().text("momentum_buffer");
      tensor(all.get(i));
      pickle.setItems();
    }
    pickle.setItems();
    pickle.text("param_groups").emptyList().mark();
    if (!state.decaysVectors()) {
      group(state, 0, 0, vectors.size());
    }
    group(state, state.weightDecay(), vectors.size(), all.size());
    pickle.appends();
    pickle.setItems();
  }

  private void group(SgdState state, double weightDecay, int first, int end) {
    pickle.emptyDictionary().mark();
    pickle.text("lr").number(state.rate());
    pickle.text("initial_lr").number(state.rate());
    pickle.text("momentum").number(state.momentum());
    pickle.text("dampening").integer(0);
    pickle.text("weight_decay").number(weightDecay);
    pickle.text("nesterov").yes();
    pickle.text("params").emptyList().mark();
    for (int i = first; i < end; i++) {
      pickle.integer(i);
    }
    pickle.appends().setItems();
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
