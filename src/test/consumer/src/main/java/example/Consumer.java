package example;

import io.github.condensenet4j.core.metrics.Classification;
import io.github.condensenet4j.engine.ImageClassifier;
import java.nio.file.Path;

/** Tells what a picture shows, with the trained model that is on the class path. */
public final class Consumer {

  private Consumer() {}

  /** Prints the name of the picture's class. */
  public static void main(String[] args) {
    try (ImageClassifier classifier = ImageClassifier.pretrained("cifar10")) {
      Classification best = classifier.classify(Path.of(args[0]), 1).get(0);
      System.out.println(best.name());
    }
  }
}
