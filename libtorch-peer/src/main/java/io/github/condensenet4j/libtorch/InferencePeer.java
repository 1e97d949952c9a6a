package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.peer.Peer;
import io.github.condensenet4j.peer.PeerTask;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Logits of a converted network. */
final class InferencePeer implements Peer {

  private final int threads;
  private final Map<String, Tensor> tensors;
  private final Network network;
  private final Tensor images;

  InferencePeer(PeerTask task) {
    Torch.load();
    ModelDescription model = task.model();
    Variant variant = Variant.of(task.variant());
    threads = task.threads();
    tensors = CondensedTensors.of(model, task.readWeights(), variant);
    network = new CondensedNetwork(model, tensors, variant);
    images = Tensors.of(task.readImages(), variant.isChannelsLast());
  }

  @Override
  public float[] answer() {
    Torch.use(threads);
    return Scopes.withoutGradients(() -> Tensors.floats(network.logits(images)));
  }

  @Override
  public void run() {
    Torch.use(threads);
    Scopes.withoutGradients(() -> network.logits(images).numel());
  }

  @Override
  public void close() {
    images.close();
    tensors.values().forEach(Tensor::close);
  }
}
