package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.record.RuleSet;
import java.util.List;
import java.util.function.Supplier;

/** What all runs of one task work with; belongs to one thread. */
public record Workshop(
    RunRules rules,
    PagePool pages,
    BatchRecorder recorder,
    AggregateEncoder encoder,
    Outbox outbox,
    Counters counters,
    Supplier<List<RuleSet>> ruleSets) {}
