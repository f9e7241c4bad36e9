/** Carries what a sink consumes to its target: batching, retries, order, commits, dead letters. */
@NullMarked
package io.tailrace.sink.core.runner;

import org.jspecify.annotations.NullMarked;
