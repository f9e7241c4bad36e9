/**
 * The language of objectives and conditions: one grammar, one parser, and what its metrics mean.
 */
@NullMarked
package io.tailrace.objective;

import org.jspecify.annotations.NullMarked;
