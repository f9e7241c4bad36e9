/** The library a load generator embeds to publish every sample of a run to Kafka. */
@NullMarked
package io.tailrace.publisher;

import org.jspecify.annotations.NullMarked;
