/** Records as bytes: Avro in the Confluent wire format, and the hot path of sample batches. */
@NullMarked
package io.tailrace.wire;

import org.jspecify.annotations.NullMarked;
