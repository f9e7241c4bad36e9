package io.tailrace.generator;

import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.Step;
import io.tailrace.publisher.SamplePublisher;
import org.jspecify.annotations.Nullable;

/** Hands every finished request to the publisher. */
record PublisherSink(SamplePublisher publisher) implements SampleSink {

  @Override
  public Outcome outcome(Step step, int status, @Nullable String error) {
    io.tailrace.publisher.Outcome outcome =
        publisher.outcome(
            publisher.series(step.name(), step.method(), step.scenario(), step.tags()),
            status,
            error);
    return (end, latency, delay, firstByte, connect, sent, received) ->
        publisher.record(outcome, end, latency, delay, firstByte, connect, sent, received);
  }
}
