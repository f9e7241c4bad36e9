/** The aggregator from end to end: how fast, beside what, and how soon after a window's end. */
@NullMarked
package io.tailrace.benchmarks.aggregate;

import org.jspecify.annotations.NullMarked;
