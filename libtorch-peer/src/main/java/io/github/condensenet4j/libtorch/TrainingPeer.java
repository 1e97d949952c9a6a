package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.peer.Peer;
import io.github.condensenet4j.peer.PeerTask;
import io.github.condensenet4j.peer.TrainingStep;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.OptimizerParamGroupVector;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Steps of training: smoothed cross entropy, its gradients, stochastic gradient descent, as {@link
 * TrainingStep} says.
 */
final class TrainingPeer implements Peer {

  private static final int MEAN = 1;
  private static final int NO_LABEL_IGNORED = -100;

  private final int threads;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Network network;
  private final SGD optimizer;
  private final Tensor images;
  private final Tensor labels;

  TrainingPeer(PeerTask task) {
    Torch.load();
    boolean channelsLast = Variant.of(task.variant()).isChannelsLast();
    StateDict weights = task.readWeights();
    threads = task.threads();
    weights.asMap().forEach((name, tensor) -> tensors.put(name, Tensors.of(tensor, channelsLast)));
    network = new TrainableNetwork(task.model(), tensors);
    boolean sparesVectors = task.model().architecture() instanceof CondenseNetV2Architecture;
    TensorVector decayed = new TensorVector();
    TensorVector spared = new TensorVector();
    for (String name : weights.names()) {
      if (name.endsWith(".weight") || name.endsWith(".bias")) {
        Tensor parameter = tensors.get(name);
        parameter.set_requires_grad(true);
        (sparesVectors && parameter.dim() == 1 ? spared : decayed).push_back(parameter);
      }
    }
    OptimizerParamGroupVector groups =
        new OptimizerParamGroupVector(
            new OptimizerParamGroup(decayed, options(TrainingStep.WEIGHT_DECAY)),
            new OptimizerParamGroup(spared, options(0)));
    optimizer = new SGD(groups, options(0));
    images = Tensors.of(task.readImages(), channelsLast);
    labels = Tensors.longs(task.readLabels().toLongs());
  }

  private static SGDOptions options(double decay) {
    SGDOptions options = new SGDOptions(TrainingStep.RATE);
    options.momentum().put(TrainingStep.MOMENTUM);
    options.nesterov().put(true);
    options.weight_decay().put(decay);
    return options;
  }

  @Override
  public float[] answer() {
    return new float[] {step()};
  }

  @Override
  public void run() {
    step();
  }

  /** Returns the loss before the step. */
  private float step() {
    Torch.use(threads);
    return Scopes.within(
        () -> {
          optimizer.zero_grad();
          Tensor loss = Scopes.result(this::loss);
          loss.backward();
          optimizer.step();
          return loss.item_float();
        });
  }

  private Tensor loss() {
    return torch.cross_entropy_loss(
        network.logits(images),
        labels,
        new TensorOptional(),
        MEAN,
        NO_LABEL_IGNORED,
        TrainingStep.SMOOTHING);
  }

  @Override
  public void close() {
    optimizer.close();
    images.close();
    labels.close();
    tensors.values().forEach(Tensor::close);
  }
}
