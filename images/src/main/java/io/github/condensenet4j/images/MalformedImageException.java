package io.github.condensenet4j.images;

import java.io.IOException;

/** Says what is wrong with an image; {@link ImageDecoder} adds the name of its file. */
final class MalformedImageException extends IOException {

  MalformedImageException(String problem) {
    super(problem);
  }

  MalformedImageException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
