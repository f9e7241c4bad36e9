/** Live windows, their counts and their encoding: the hot path. */
@NullMarked
package io.tailrace.aggregator.window;

import org.jspecify.annotations.NullMarked;
