package io.github.condensenet4j.kernels;

import java.util.Optional;
import org.slf4j.Logger;

/**
 * Makes what is written on {@code jdk.incubator.vector}, where that module is loaded and works.
 *
 * <p>For the providers of this module; others ask those.
 */
public final class VectorModule {

  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Makes an implementation by its name: the class cannot even be looked at without the module. */
  @FunctionalInterface
  public interface Maker<T> {

    /** Makes it. */
    T make() throws ReflectiveOperationException;
  }

  /**
   * Makes an implementation, or says in one line why there is none.
   *
   * @param maker makes it
   * @param log where to say so
   * @param without what happens without, {@code kernels: plain loops}
   */
  public static <T> Optional<T> load(Maker<T> maker, Logger log, String without) {
    if (!ModuleLayer.boot().findModule(NAME).isPresent()) {
      log.warn(
          "{}, because the module {} is not loaded; add --add-modules {}", without, NAME, NAME);
      return Optional.empty();
    }
    try {
      return Optional.of(maker.make());
    } catch (ReflectiveOperationException | LinkageError e) {
      log.warn(
          "{}, because this virtual machine runs no vectors of {} ({})",
          without,
          NAME,
          e.getCause() == null ? e : e.getCause());
      return Optional.empty();
    }
  }
}
