package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Step;
import io.tailrace.publisher.SteadyClock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Where one event loop records its requests: each outcome is looked up once, then kept. */
final class Outcomes {

  private static final int STATUSES = 600;

  private final SampleSink sink;
  private final LoopStats stats;
  private final SteadyClock clock;
  private final Map<Step, @Nullable Kept[]> byStatus = new HashMap<>();
  private final Map<Key, Kept> others = new HashMap<>();

  private record Key(Step step, int status, @Nullable String error) {}

  /** An outcome with what is counted about it here. */
  private record Kept(SampleSink.Outcome outcome, StepStats step, @Nullable LongAdder errors) {}

  Outcomes(SampleSink sink, LoopStats stats, SteadyClock clock) {
    this.sink = sink;
    this.stats = stats;
    this.clock = clock;
  }

  /** Records a request that was answered, or failed on its way. */
  void finished(Exchange exchange, int status, @Nullable String error, long endNanos) {
    Kept kept = kept(exchange.step(), status, error);
    long latency = micros(endNanos - exchange.sentNanos());
    long delay = micros(exchange.sentNanos() - exchange.dueNanos());
    long firstByte =
        exchange.firstByteNanos() == 0
            ? -1
            : micros(exchange.firstByteNanos() - exchange.sentNanos());
    record(kept, endNanos, latency, delay, firstByte, exchange);
    stats.received(latency, exchange.bytesReceived());
  }

  private void record(
      Kept kept, long endNanos, long latency, long delay, long firstByte, Exchange exchange) {
    kept.outcome()
        .record(
            clock.microsAt(endNanos),
            latency,
            delay,
            firstByte,
            exchange.connectMicros(),
            exchange.bytesSent(),
            exchange.bytesReceived());
    count(kept, latency + delay);
  }

  /** Records a request that was due and could not be sent. */
  void unsent(Step step, long dueNanos, long nowNanos, String error) {
    Kept kept = kept(step, 0, error);
    long delay = micros(nowNanos - dueNanos);
    kept.outcome().record(clock.microsAt(nowNanos), 0, delay, -1, -1, 0, 0);
    count(kept, delay);
  }

  private static void count(Kept kept, long responseMicros) {
    LongAdder errors = kept.errors();
    kept.step().add(responseMicros, errors != null);
    if (errors != null) {
      errors.increment();
    }
  }

  private Kept kept(Step step, int status, @Nullable String error) {
    if (error != null || status < 0 || status >= STATUSES) {
      return others.computeIfAbsent(new Key(step, status, error), this::keep);
    }
    @Nullable Kept[] known = byStatus.computeIfAbsent(step, s -> new Kept[STATUSES]);
    Kept kept = known[status];
    if (kept == null) {
      kept = keep(new Key(step, status, null));
      known[status] = kept;
    }
    return kept;
  }

  private Kept keep(Key key) {
    String error = key.error();
    return new Kept(
        sink.outcome(key.step(), key.status(), error),
        stats.step(key.step()),
        error == null ? null : stats.errorCount(error));
  }

  private static long micros(long nanos) {
    return Math.max(0, nanos) / 1_000;
  }
}
