/**
 * Files and archives: written whole or not at all, read within limits.
 *
 * <p>What the files mean is the business of the packages that use these. Start reading at {@link
 * io.github.condensenet4j.core.io.AtomicFile} for writing and {@link
 * io.github.condensenet4j.core.io.ZipArchive} for reading.
 */
package io.github.condensenet4j.core.io;
