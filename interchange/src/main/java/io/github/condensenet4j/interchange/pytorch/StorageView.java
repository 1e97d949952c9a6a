package io.github.condensenet4j.interchange.pytorch;

/**
 * A part of a storage, as a pickle names it by its persistent id.
 *
 * @param storage the whole
 * @param offset first element
 * @param size number of elements
 */
record StorageView(Storage storage, long offset, long size) implements PythonValue {}
