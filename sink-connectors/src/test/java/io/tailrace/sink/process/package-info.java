/** A sink in a process of its own, for tests that kill it. */
@NullMarked
package io.tailrace.sink.process;

import org.jspecify.annotations.NullMarked;
