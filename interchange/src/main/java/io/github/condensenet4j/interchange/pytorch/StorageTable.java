package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Global;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Scalar;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The storages that a pickle has named by persistent ids, by key. */
final class StorageTable implements PickleReader.PersistentIds {

  private final String source;
  private final Map<String, Storage> storages = new LinkedHashMap<>();

  StorageTable(String source) {
    this.source = source;
  }

  /** Returns all storages, in the order in which they were named first. */
  Collection<Storage> all() {
    return Collections.unmodifiableCollection(storages.values());
  }

  /** Returns the storage called {@code key}, or null. */
  Storage find(String key) {
    return storages.get(key);
  }

  /**
   * Returns the storage for a persistent id: {@code ('storage', class, key, device, elements)}, in
   * the old container followed by None or {@code (key, offset, elements)} of a part.
   */
  @Override
  public PythonValue value(PythonValue id) {
    if (!(id instanceof Sequence tuple)
        || tuple.items().size() < 5
        || tuple.items().size() > 6
        || !tuple.items().get(0).equals(new Scalar("storage"))
        || !(tuple.items().get(1) instanceof Global global)
        || KnownGlobals.storageType(global) == null) {
      throw invalid("refers to something else than a storage");
    }
    List<PythonValue> items = tuple.items();
    Storage storage =
        storage(
            text(items.get(2)),
            KnownGlobals.storageType(global),
            KnownGlobals.isUntypedStorage(global),
            number(items.get(4)));
    if (items.size() == 6 && items.get(5) instanceof Sequence part) {
      return part(storage, part.items());
    }
    return new StorageView(storage, 0, storage.size());
  }

  private Storage storage(String key, ElementType type, boolean isUntyped, long size) {
    Storage known = storages.get(key);
    if (known != null) {
      if (known.type() != type || known.size() != size || known.isUntyped() != isUntyped) {
        throw invalid("describes storage " + key + " in two ways");
      }
      return known;
    }
    if (!key.matches("[0-9A-Za-z_]{1,64}") || size < 0) {
      throw invalid("describes a storage by a key or size that it cannot have");
    }
    Storage storage = new Storage(key, type, isUntyped, size);
    storage.byteCount(source);
    storages.put(key, storage);
    return storage;
  }

  private StorageView part(Storage storage, List<PythonValue> part) {
    if (part.size() != 3) {
      throw invalid("describes a part of storage " + storage.key() + " in an unknown way");
    }
    long offset = number(part.get(1));
    long size = number(part.get(2));
    if (offset < 0 || size < 0 || offset > storage.size() - size) {
      throw invalid("refers to a part beyond storage " + storage.key());
    }
    return new StorageView(storage, offset, size);
  }

  private String text(PythonValue value) {
    if (value instanceof Scalar scalar && scalar.value() instanceof String text) {
      return text;
    }
    throw invalid("names a storage by something else than a text");
  }

  private long number(PythonValue value) {
    if (value instanceof Scalar scalar && scalar.value() instanceof Long number) {
      return number;
    }
    throw invalid("sizes a storage by something else than a number");
  }

  private InvalidFileException invalid(String what) {
    return new InvalidFileException(
        source, what + "; the file is damaged or hostile, take another copy");
  }
}
