/** The wiring of the aggregator into Kafka Streams. */
@NullMarked
package io.tailrace.aggregator.topology;

import org.jspecify.annotations.NullMarked;
