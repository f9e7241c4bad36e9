/** What a load test is to do: read once, checked whole, immutable and free of input and output. */
@NullMarked
package io.tailrace.generator.plan;

import org.jspecify.annotations.NullMarked;
