/** Benchmarks, and the command that runs them. */
@NullMarked
package io.tailrace.benchmarks;

import org.jspecify.annotations.NullMarked;
