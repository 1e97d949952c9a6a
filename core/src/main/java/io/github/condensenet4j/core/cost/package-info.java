/**
 * What a network costs: multiply-adds and parameters by the official counters.
 *
 * <p>The counters are those whose figures the papers print; they have their peculiarities, which
 * {@link io.github.condensenet4j.core.cost.ModelCost} keeps and names. Start reading there.
 */
package io.github.condensenet4j.core.cost;
