/** What recording a sample costs its thread, and how many samples one process gets into Kafka. */
@NullMarked
package io.tailrace.benchmarks.publisher;

import org.jspecify.annotations.NullMarked;
