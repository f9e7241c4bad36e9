/**
 * What a batch of samples costs on the wire and in the reader: columns, rows, and Avro's own
 * records.
 */
@NullMarked
package io.tailrace.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
