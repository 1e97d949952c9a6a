/** Other projects' files as named tensors. */
package io.github.condensenet4j.interchange;
