package io.github.condensenet4j.core.pretrained;

import io.github.condensenet4j.core.CondenseNetException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The trained models that are on the class path.
 *
 * <p>A name is that of a model, {@code cdnv2-cifar10}, or of a data set, {@code cifar10}, which
 * means the best model of it that is there: that of the highest top-1 once converted.
 */
public final class PretrainedModels {

  private static final String GROUP = "io.github.condensenet4j";
  private static final String ARTIFACT_PREFIX = "condensenet4j-weights-";

  /**
   * A model that is published as an artifact.
   *
   * @param network name of the network in the registry
   * @param dataset name of the data set
   */
  private record Published(String network, String dataset) {
    String name() {
      return network + "-" + dataset;
    }
  }

  /** What to point to when it is not there; better ones first. */
  private static final List<Published> PUBLISHED =
      List.of(
          new Published("cdnv2_110", "cifar10"),
          new Published("cdnv2", "cifar10"),
          new Published("condensenet", "cifar10"));

  private PretrainedModels() {}

  /**
   * Returns all of them, in the order of their names.
   *
   * @throws CondenseNetException if an artifact is damaged
   */
  public static List<PretrainedModel> all() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    List<PretrainedModel> models = new ArrayList<>();
    try {
      ServiceLoader.load(
              PretrainedModel.class,
              context != null ? context : PretrainedModels.class.getClassLoader())
          .forEach(models::add);
    } catch (ServiceConfigurationError e) {
      throw new CondenseNetException(
          "an artifact with trained weights does not work: "
              + e.getMessage()
              + "; take its version for this version of condensenet4j",
          e);
    }
    models.sort(Comparator.comparing(model -> model.card().name()));
    return models;
  }

  /**
   * Returns the model of a name.
   *
   * @param name name of a model, or of a data set
   * @throws CondenseNetException if there is none, naming the artifact to add
   */
  public static PretrainedModel named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    List<PretrainedModel> all = all();
    return all.stream()
        .filter(model -> model.card().name().equals(wanted))
        .findFirst()
        .orElseGet(
            () ->
                best(
                    all,
                    model -> model.card().dataset().equals(wanted),
                    "called " + name,
                    known -> known.name().equals(wanted) || known.dataset().equals(wanted)));
  }

  /**
   * Returns the best model of a network on a data set.
   *
   * @param network name of the network in the registry
   * @param dataset name of the data set in lower case
   * @throws CondenseNetException if there is none, naming the artifact to add
   */
  public static PretrainedModel of(String network, String dataset) {
    return best(
        all(),
        model ->
            model.card().model().name().equals(network) && model.card().dataset().equals(dataset),
        "of " + network + " on " + dataset,
        known -> known.network().equals(network) && known.dataset().equals(dataset));
  }

  private static PretrainedModel best(
      List<PretrainedModel> all,
      Predicate<PretrainedModel> wanted,
      String description,
      Predicate<Published> published) {
    return all.stream()
        .filter(wanted)
        .max(Comparator.comparingDouble(PretrainedModels::top1))
        .orElseThrow(() -> absent(all, description, published));
  }

  private static double top1(PretrainedModel model) {
    return model.card().converted().metrics().getOrDefault("top1", 0.0);
  }

  private static CondenseNetException absent(
      List<PretrainedModel> all, String description, Predicate<Published> published) {
    String artifacts =
        PUBLISHED.stream()
            .filter(published)
            .map(known -> GROUP + ":" + ARTIFACT_PREFIX + known.name())
            .collect(Collectors.joining(" or "));
    String there =
        all.isEmpty()
            ? "no trained model is"
            : all.stream().map(model -> model.card().name()).collect(Collectors.joining(", "))
                + (all.size() == 1 ? " is" : " are");
    return new CondenseNetException(
        artifacts.isEmpty()
            ? "no trained model %s is published; %s on the class path, and a file is as good"
                .formatted(description, there)
            : "no trained model %s is on the class path; add the artifact %s"
                .formatted(description, artifacts));
  }
}
