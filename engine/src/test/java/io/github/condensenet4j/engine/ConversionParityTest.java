package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the engine against what the official converted models answer. */
class ConversionParityTest {

  @ParameterizedTest
  @ValueSource(strings = {"manifest_v1.json", "manifest_v2.json"})
  void answersAsTheOfficialConvertedModels(String manifest) {
    for (ConvertedReference reference : ConvertedReference.of(manifest)) {
      float[] images = reference.images().toFloats();
      try (CompiledModel compiled =
          CompiledModel.compile(
              reference.model(), reference.weights(), EngineOptions.defaults().withoutWarmUp())) {
        float[] logits = compiled.logits(images);
        Parity.assertClose(logits, reference.logits().toDoubles());
        assertThat(compiled.logits(images)).isEqualTo(logits);
      }
    }
  }
}
