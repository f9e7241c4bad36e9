/** How fast sinks deliver, beside a bare loop that sends the same bodies prepared. */
@NullMarked
package io.tailrace.benchmarks.sinks;

import org.jspecify.annotations.NullMarked;
