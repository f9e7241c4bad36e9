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
    Supplier<List<RuleSet>> ruleSets,
    BatchTally tally) {
  public Workshop(
      RunRules rules,
      PagePool pages,
      BatchRecorder recorder,
      AggregateEncoder encoder,
      Outbox outbox,
      Counters counters,
      Supplier<List<RuleSet>> ruleSets) {
    this(rules, pages, recorder, encoder, outbox, counters, ruleSets, new BatchTally(counters));
  }
}
