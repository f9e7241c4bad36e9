/** What recording, merging and encoding the values of a window costs, HdrHistogram alone beside. */
@NullMarked
package io.tailrace.benchmarks.window;

import org.jspecify.annotations.NullMarked;
