package io.github.condensenet4j.training.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Normalisation apart for parts of a batch (Xie et al., 2020, section 4.2; timm's {@code
 * SplitBatchNorm2d}): each part has statistics, running statistics, scales and shifts of its own,
 * all else is shared.
 *
 * <p>The first part is the network's, and only that is evaluated and exported. For each other part
 * there is an <em>auxiliary</em> network that differs from it in its normalisations. A step takes
 * the gradients of all of them, adds up those of what is shared, and gives every network the same
 * step there.
 */
public final class SplitNorms {

  private static final Set<String> OF_NORMALIZATION =
      Set.of("weight", "bias", "runningmean", "runningvar", "numbatchestracked");

  private final List<ComputationGraph> auxiliaries;

  /** 1 for each number of the flat vectors that is shared, 0 for those of normalisations. */
  private final INDArray shared;

  private final INDArray apart;

  private SplitNorms(ComputationGraph network, List<ComputationGraph> auxiliaries, INDArray apart) {
    this.auxiliaries = auxiliaries;
    this.apart = apart;
    this.shared = Nd4j.onesLike(apart).subi(apart);
    for (ComputationGraph auxiliary : auxiliaries) {
      if (auxiliary.getFlattenedGradients() == null) {
        auxiliary.initGradientsView();
      }
      // Made now, not on demand: workers that asked at the same time would each get their own.
      auxiliary.getUpdater();
    }
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
  }

  /**
   * Prepares {@code network} for {@code parts} parts; all begin with its normalisations.
   *
   * @param parts at least 2
   */
  public static SplitNorms of(ComputationGraph network, int parts) {
    List<ComputationGraph> auxiliaries = new ArrayList<>();
    for (int part = 1; part < parts; part++) {
      auxiliaries.add(copy(network, part));
    }
    return new SplitNorms(network, auxiliaries, apart(network));
  }

  private static ComputationGraph copy(ComputationGraph network, int part) {
    ComputationGraph copy = new ComputationGraph(network.getConfiguration().clone());
    copy.init(network.params().dup(), false);
    for (Layer layer : copy.getLayers()) {
      // Parts must not drop the same activations; replicas count their seeds up from the first.
      layer.conf().setSeed(layer.conf().getSeed() + 1_000_003L * part);
    }
    return copy;
  }

  private static INDArray apart(ComputationGraph network) {
    ParameterRanges ranges = ParameterRanges.of(network);
    Set<String> normalizations =
        ranges.all().stream()
            .filter(range -> range.name().endsWith("runningmean"))
            .map(SplitNorms::unit)
            .collect(Collectors.toSet());
    INDArray apart = Nd4j.zeros(network.params().dataType(), network.params().length());
    ranges
        .views(
            apart,
            range ->
                normalizations.contains(unit(range)) && OF_NORMALIZATION.contains(lastName(range)))
        .forEach(view -> view.assign(1));
    return apart;
  }

  /** Returns what the parameters of one normalisation have in common. */
  private static String unit(ParameterRanges.Range range) {
    String name = range.name();
    return range.layer() + '/' + name.substring(0, name.lastIndexOf('.') + 1);
  }

  private static String lastName(ParameterRanges.Range range) {
    return range.name().substring(range.name().lastIndexOf('.') + 1);
  }

  /** Returns the same for a replica of the network. */
  SplitNorms copyFor(ComputationGraph replica) {
    List<ComputationGraph> copies = new ArrayList<>();
    for (int i = 0; i < auxiliaries.size(); i++) {
      ComputationGraph copy = copy(replica, i + 1);
      copy.params().assign(auxiliaries.get(i).params());
      INDArray state = auxiliaries.get(i).getUpdater().getStateViewArray();
      if (state != null) {
        copy.getUpdater().getStateViewArray().assign(state);
      }
      copies.add(copy);
    }
    return new SplitNorms(replica, copies, apart);
  }

  /** Returns the networks of all parts but the first. */
  List<ComputationGraph> auxiliaries() {
    return auxiliaries;
  }

  /** Gives every network the weights, connections and stages of {@code network}. */
  void shareWeights(ComputationGraph network) {
    for (ComputationGraph auxiliary : auxiliaries) {
      share(flat(network.params()), flat(auxiliary.params()));
    }
  }

  /**
   * Gives every network the sum of all gradients, but for normalisations, where each has its own.
   */
  void shareGradients(ComputationGraph network) {
    INDArray sum = flat(network.getFlattenedGradients());
    for (ComputationGraph auxiliary : auxiliaries) {
      sum.addi(flat(auxiliary.getFlattenedGradients()).mul(shared));
    }
    for (ComputationGraph auxiliary : auxiliaries) {
      share(sum, flat(auxiliary.getFlattenedGradients()));
    }
  }

  private void share(INDArray from, INDArray to) {
    to.muli(apart).addi(from.mul(shared));
  }

  /** Returns the squared length of the gradients that only the auxiliary networks have. */
  double squaredLengthApart() {
    double sum = 0;
    for (ComputationGraph auxiliary : auxiliaries) {
      double length =
          flat(auxiliary.getFlattenedGradients()).mul(apart).norm2Number().doubleValue();
      sum += length * length;
    }
    return sum;
  }

  /** Gives replicas, whose networks have just been averaged, the averages of the rest. */
  static void average(List<SplitNorms> replicas) {
    SplitNorms first = replicas.get(0);
    for (int i = 0; i < first.auxiliaries.size(); i++) {
      int part = i;
      equalize(replicas.stream().map(r -> r.auxiliaries.get(part).params()).toList());
      if (first.auxiliaries.get(i).getUpdater().getStateViewArray() != null) {
        equalize(
            replicas.stream()
                .map(r -> r.auxiliaries.get(part).getUpdater().getStateViewArray())
                .toList());
      }
    }
  }

  private static void equalize(List<INDArray> arrays) {
    INDArray mean = arrays.get(0).dup();
    arrays.subList(1, arrays.size()).forEach(mean::addi);
    mean.divi(arrays.size());
    arrays.forEach(array -> array.assign(mean));
  }

  /** Returns what a checkpoint keeps: parameters and the optimiser's numbers of all parts. */
  public float[] state() {
    INDArray[] arrays = arrays().stream().map(SplitNorms::flat).toArray(INDArray[]::new);
    return Nd4j.concat(0, arrays).toFloatVector();
  }

  /** Returns how many numbers {@link #state} has. */
  public long stateLength() {
    return arrays().stream().mapToLong(INDArray::length).sum();
  }

  /**
   * Restores what {@link #state} returned.
   *
   * @param withOptimizer whether the optimiser's numbers too
   */
  public void restore(float[] state, boolean withOptimizer) {
    INDArray all = Nd4j.createFromArray(state);
    long at = 0;
    for (ComputationGraph auxiliary : auxiliaries) {
      at = restore(auxiliary.params(), all, at);
      INDArray ofOptimizer = auxiliary.getUpdater().getStateViewArray();
      if (ofOptimizer != null) {
        at = withOptimizer ? restore(ofOptimizer, all, at) : at + ofOptimizer.length();
      }
    }
  }

  private static long restore(INDArray array, INDArray all, long at) {
    long end = at + array.length();
    array.assign(all.get(NDArrayIndex.interval(at, end)).reshape(array.shape()));
    return end;
  }

  private List<INDArray> arrays() {
    List<INDArray> arrays = new ArrayList<>();
    for (ComputationGraph auxiliary : auxiliaries) {
      arrays.add(auxiliary.params());
      INDArray state = auxiliary.getUpdater().getStateViewArray();
      if (state != null) {
        arrays.add(state);
      }
    }
    return arrays;
  }

  private static INDArray flat(INDArray array) {
    return array.reshape(array.length());
  }
}
