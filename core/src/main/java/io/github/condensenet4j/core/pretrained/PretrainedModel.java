package io.github.condensenet4j.core.pretrained;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.io.Sha256;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A trained model that an artifact carries.
 *
 * <p>An artifact has one class that extends this one, is named in {@code
 * META-INF/services/io.github.condensenet4j.core.pretrained.PretrainedModel}, and has beside it, as
 * resources of its package, {@code model-card.json} and the two model files that the card names.
 */
public abstract class PretrainedModel {

  /** Name of the model card beside the class. */
  public static final String CARD = "model-card.json";

  private static final int MAX_CARD_BYTES = 1 << 20;
  private static final int MAX_FILE_BYTES = 1 << 30;

  private ModelCard card;

  /** For {@link java.util.ServiceLoader}; opens nothing. */
  protected PretrainedModel() {}

  /**
   * Returns what is known about the model.
   *
   * @throws InvalidFileException if the artifact has no card or a damaged one
   */
  public final synchronized ModelCard card() {
    if (card == null) {
      String source = getClass().getName() + ": " + CARD;
      card = ModelCard.fromJson(JsonValue.parse(bytes(CARD, MAX_CARD_BYTES), source), source);
    }
    return card;
  }

  /**
   * Opens one of the two model files, in memory.
   *
   * @param form {@link Form#TRAINABLE} to train on from, or {@link Form#CONDENSED} to predict with
   * @throws InvalidFileException if its bytes do not have the length and the SHA-256 that the card
   *     says
   */
  public final ModelFile open(Form form) {
    CardFile expected = card().file(form);
    if (expected.bytes() < 0 || expected.bytes() > MAX_FILE_BYTES) {
      throw damaged(expected.file(), "has " + expected.bytes() + " bytes by its card");
    }
    byte[] bytes = bytes(expected.file(), (int) expected.bytes());
    String sum = Sha256.of(bytes);
    if (bytes.length != expected.bytes() || !sum.equals(expected.sha256())) {
      throw damaged(
          expected.file(),
          "has %d bytes of SHA-256 %s, %d of %s expected"
              .formatted(bytes.length, sum, expected.bytes(), expected.sha256()));
    }
    return ModelFile.of(Path.of(card().name(), expected.file()), bytes);
  }

  /**
   * Returns the model to predict with.
   *
   * @throws InvalidFileException if its file is damaged
   */
  public final CondensedModel condensed() {
    try (ModelFile file = open(Form.CONDENSED)) {
      return CondensedModel.of(file, file.defaultWeights());
    }
  }

  private byte[] bytes(String resource, int limit) {
    try (InputStream in = getClass().getResourceAsStream(resource)) {
      if (in == null) {
        throw damaged(resource, "is missing");
      }
      // One more than there should be, so that a longer one is noticed.
      return in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw new InvalidFileException(
          getClass().getName() + ": " + resource,
          "could not be read (" + e.getMessage() + "); take another copy of the artifact",
          e);
    }
  }

  private InvalidFileException damaged(String resource, String problem) {
    return new InvalidFileException(
        getClass().getName() + ": " + resource, problem + "; take another copy of the artifact");
  }
}
