package io.tailrace.sink.cloudwatch;

import io.prometheus.client.Counter;
import io.tailrace.sink.core.provider.SinkContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts each alarm when a metric's dimensions are first seen, and again after a restart: putting is
 * idempotent. What fails is tried again later; metrics never wait for it. Used by several threads.
 */
final class Alarms {
  /** One alarm on what has these dimensions. */
  private record Wanted(AlarmSpec alarm, MetricSpec metric, Dimensions dimensions) {}

  private static final Logger log = LoggerFactory.getLogger(Alarms.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** PutMetricAlarm takes three a second, and a region holds 5,000. */
  private static final int MOST_AT_ONCE = 3;

  private static final int MOST = 1_000;

  private final List<AlarmSpec> specs;
  private final String namespace;
  private final CloudWatchService service;
  private final Clock clock;
  private final Counter.Child put;
  private final Counter.Child failed;
  private final Set<Wanted> done = new HashSet<>();
  private final Set<Wanted> waiting = new LinkedHashSet<>();
  private boolean full;
  private Instant notBefore = Instant.MIN;

  Alarms(CloudWatchConfig config, CloudWatchService service, SinkContext context) {
    this.specs = config.alarms();
    this.namespace = config.namespace();
    this.service = service;
    this.clock = context.clock();
    this.put = context.metrics().counter("tailrace_cloudwatch_alarms_put_total", "Alarms put.");
    this.failed =
        context
            .metrics()
            .counter(
                "tailrace_cloudwatch_alarms_failed_total",
                "Alarms that could not be put, each attempt once.");
  }

  /** Notes which alarms these data call for. */
  synchronized void see(List<Datum> data) {
    if (specs.isEmpty()) {
      return;
    }
    for (Datum datum : data) {
      for (AlarmSpec alarm : specs) {
        if (alarm.metric().equals(datum.metric().name())) {
          want(new Wanted(alarm, datum.metric(), datum.dimensions()));
        }
      }
    }
  }

  private void want(Wanted alarm) {
    if (done.contains(alarm)) {
      return;
    }
    if (done.size() + waiting.size() < MOST) {
      waiting.add(alarm);
    } else if (!full) {
      full = true;
      failed.inc();
      log.warn("alarm {} and further ones are not put: there are {} already", name(alarm), MOST);
    }
  }

  /** Puts a few of those that wait. */
  synchronized void putDue() throws IOException, InterruptedException {
    for (int i = 0; i < MOST_AT_ONCE && !waiting.isEmpty(); i++) {
      if (clock.instant().isBefore(notBefore)) {
        return;
      }
      Wanted next = waiting.iterator().next();
      Outcome outcome =
          service.attempt(
              () ->
                  service
                      .client()
                      .putMetricAlarm(
                          Calls.alarm(next.alarm(), next.metric(), next.dimensions(), namespace)));
      settle(next, outcome);
    }
  }

  private void settle(Wanted alarm, Outcome outcome) {
    if (outcome instanceof Outcome.Done) {
      put.inc();
      waiting.remove(alarm);
      done.add(alarm);
      return;
    }
    failed.inc();
    notBefore = clock.instant().plus(PAUSE);
    if (outcome instanceof Outcome.Refused refused) {
      waiting.remove(alarm);
      done.add(alarm);
      log.warn("alarm {} was refused: {}", name(alarm), refused.reason());
    } else {
      log.warn("alarm {} could not be put, will try again: {}", name(alarm), outcome);
    }
  }

  private static String name(Wanted alarm) {
    return alarm.alarm().nameFor(alarm.metric(), alarm.dimensions());
  }
}
