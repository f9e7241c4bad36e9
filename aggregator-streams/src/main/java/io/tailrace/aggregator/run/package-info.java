/** What becomes of a run, decided by the records of its log alone: no Kafka, no clock, no I/O. */
@NullMarked
package io.tailrace.aggregator.run;

import org.jspecify.annotations.NullMarked;
