package io.tailrace.publisher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Records made-up samples and keeps the books of those that were kept. */
final class LoadThread {

  private final SamplePublisher publisher;
  private final Random random;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Tally kept = new Tally();
  private long dropped;

  LoadThread(SamplePublisher publisher, long seed) {
    this.publisher = publisher;
    this.random = new Random(seed);
    for (int i = 0; i < 10; i++) {
      SeriesHandle series =
          publisher.series(
              "GET /items/" + i,
              i % 2 == 0 ? "GET" : "",
              i % 3 == 0 ? "browse" : "",
              i % 5 == 0 ? Map.of("region", "eu") : Map.of());
      outcomes.add(publisher.outcome(series, 200, null));
      outcomes.add(publisher.outcome(series, 503, "http_503"));
      outcomes.add(publisher.outcome(series, 0, "connect_timeout"));
    }
  }

  void record(int samples) {
    for (int i = 0; i < samples; i++) {
      record();
    }
  }

  void record() {
    Outcome outcome = outcomes.get(random.nextInt(outcomes.size()));
    long end = publisher.nowMicros();
    long latency = 100L + random.nextInt(1_000_000);
    long delay = random.nextInt(10) == 0 ? random.nextInt(5_000) : 0;
    long firstByte = random.nextInt(4) == 0 ? -1 : random.nextInt((int) latency);
    long connect = random.nextInt(3) - 1L;
    long sent = random.nextInt(20) == 0 ? -1 : 100L + random.nextInt(10);
    long received = random.nextInt(100_000);
    if (publisher.record(outcome, end, latency, delay, firstByte, connect, sent, received)) {
      SeriesHandle series = outcome.series();
      kept.add(
          series.name() + " " + series.method() + " " + series.group() + " " + series.tags(),
          outcome.status(),
          String.valueOf(outcome.error()),
          end,
          latency,
          delay,
          firstByte,
          connect,
          sent,
          received);
    } else {
      dropped++;
    }
  }

  Tally kept() {
    return kept;
  }

  long dropped() {
    return dropped;
  }
}
