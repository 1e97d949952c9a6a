/**
 * What a network learned to keep, as pictures: heat maps of the connections between layers, kept
 * connections, and the architecture, as PNG files and a page.
 *
 * <p>Drawings say what there is to see, canvases turn it into SVG or pixels; neither reads files or
 * weights. Start with {@link io.github.condensenet4j.visualization.NetworkPictures}.
 */
package io.github.condensenet4j.visualization;
