package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.PagePool;

/** What all runs of one task work with; belongs to one thread. */
public record Workshop(
    RunRules rules,
    PagePool pages,
    BatchRecorder recorder,
    AggregateEncoder encoder,
    Outbox outbox,
    Counters counters) {}
