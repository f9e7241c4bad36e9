/** Tests of the topology, on Kafka Streams' test driver. */
@NullMarked
package io.tailrace.aggregator.topology;

import org.jspecify.annotations.NullMarked;
