package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.metrics.Classification;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.pretrained.PretrainedModels;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.RgbImage;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells what pictures show: decodes them, brings them to the network as its file says they come in
 * evaluation, and names the most probable classes. Any number of threads may call at once.
 *
 * <pre>{@code
 * try (ImageClassifier classifier = ImageClassifier.read(Path.of("converted.zip"))) {
 *   Classification best = classifier.classify(Path.of("cat.jpg"), 1).get(0);
 * }
 * }</pre>
 */
public final class ImageClassifier implements AutoCloseable {

  private final CompiledModel model;
  private final EvaluationPreprocessor preprocessor;
  private final int imageSize;
  private final List<String> classNames;

  private ImageClassifier(CondensedModel model, EngineOptions options) {
    Preprocessing preprocessing = model.metadata().preprocessing();
    this.preprocessor = new EvaluationPreprocessor(preprocessing);
    this.imageSize = preprocessing.imageSize();
    this.classNames = model.metadata().classNames();
    this.model = CompiledModel.compile(model, options);
  }

  /** Compiles {@code model} and takes preprocessing and class names from its metadata. */
  public static ImageClassifier of(CondensedModel model, EngineOptions options) {
    return new ImageClassifier(model, options);
  }

  /**
   * Reads a converted model file, with the weights that it is meant to be used with, for all
   * processors.
   *
   * @throws CondenseNetException if the file is damaged or its model is not converted
   */
  public static ImageClassifier read(Path file) {
    try (ModelFile model = ModelFile.read(file)) {
      return of(CondensedModel.of(model, model.defaultWeights()), EngineOptions.defaults());
    }
  }

  /**
   * Takes a trained model off the class path, for all processors.
   *
   * @param name name of a model, such as {@code cdnv2-cifar10}, or of a data set, such as {@code
   *     cifar10}
   * @throws CondenseNetException if there is none, naming the artifact to add, or it is damaged
   */
  public static ImageClassifier pretrained(String name) {
    return of(PretrainedModels.named(name).condensed(), EngineOptions.defaults());
  }

  /**
   * Returns the most probable classes of a picture, the first first.
   *
   * @param picture JPEG, PNG, GIF, BMP or PNM file
   * @param top how many classes to return, at most all
   * @throws InvalidFileException if the picture cannot be read
   */
  public List<Classification> classify(Path picture, int top) {
    return classify(ImageDecoder.decode(picture), top);
  }

  /**
   * Returns the most probable classes of a picture, the first first.
   *
   * @param source what to call the picture in messages
   * @param picture the bytes of a JPEG, PNG, GIF, BMP or PNM file
   * @param top how many classes to return, at most all
   * @throws InvalidFileException if the picture cannot be read
   */
  public List<Classification> classify(String source, byte[] picture, int top) {
    return classify(ImageDecoder.decode(source, picture), top);
  }

  /** Returns the most probable classes of a decoded picture, the first first. */
  public List<Classification> classify(RgbImage picture, int top) {
    float[] logits = model.logits(preprocessor.apply(picture), imageSize, imageSize);
    return Classification.of(logits, classNames, top);
  }

  /** Ends the model's threads. Calls that run are completed, later ones are refused. */
  @Override
  public void close() {
    model.close();
  }
}
