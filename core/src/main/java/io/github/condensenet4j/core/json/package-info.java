/**
 * A strict reader and writer of JSON, for metadata and for what the command line prints.
 *
 * <p>No mapping onto classes: whoever has a record writes its fields and reads them back. Start
 * reading at {@link io.github.condensenet4j.core.json.JsonValue}.
 */
package io.github.condensenet4j.core.json;
