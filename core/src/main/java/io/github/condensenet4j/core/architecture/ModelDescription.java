package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;

/**
 * A network by name, numbers and form: all that a back end needs to build it.
 *
 * @param name name in the {@link ArchitectureRegistry}, without {@code converted_}; where knobs
 *     were turned it says what the network began as
 * @param architecture the numbers
 * @param form trainable or condensed
 */
public record ModelDescription(String name, Architecture architecture, Form form) {

  /** What stands before the name of a condensed network. */
  public static final String CONVERTED = "converted_";

  /**
   * Checks that the form exists.
   *
   * @throws ArchitectureException if a CondenseNetV2 is to keep a whole classifier: it is never
   *     halved, so {@link Form#CONDENSED} says all
   */
  public ModelDescription {
    if (form == Form.CONDENSED_WHOLE_CLASSIFIER
        && architecture instanceof CondenseNetV2Architecture) {
      throw new ArchitectureException(
          "form of " + name, Form.CONDENSED + " (its classifier is always whole)", form);
    }
  }

  /** Returns the name with {@code converted_} before it if the form is condensed. */
  public String qualifiedName() {
    return form.isCondensed() ? CONVERTED + name : name;
  }

  /** Returns the same network in another form. */
  public ModelDescription as(Form newForm) {
    return new ModelDescription(name, architecture, newForm);
  }

  /** Tells whether the classifier keeps only half of its inputs. */
  public boolean hasHalvedClassifier() {
    return form == Form.CONDENSED && architecture instanceof CondenseNetArchitecture;
  }

  /** Returns the inputs of the classifier that are left in this form. */
  public int classifierInputs() {
    int inputs = architecture.classifierInputs();
    return hasHalvedClassifier() ? inputs / 2 : inputs;
  }
}
