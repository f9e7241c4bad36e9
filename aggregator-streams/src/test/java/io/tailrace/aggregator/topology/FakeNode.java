package io.tailrace.aggregator.topology;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.wire.SampleBatchWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A load node that publishes what the test tells it to. */
final class FakeNode {
  private final AggregatorRig rig;
  private final String run;
  private final String name;
  private final long epochMicros;
  private final SampleBatchWriter writer;
  private long sequence;
  private long published;
  private long dropped;
  private long clockOffMicros;
  private boolean begun;

  FakeNode(AggregatorRig rig, String run, String name, long epochMicros) {
    this.rig = rig;
    this.run = run;
    this.name = name;
    this.epochMicros = epochMicros;
    writer = new SampleBatchWriter(rig.batchSchema);
  }

  /** The node's clock is this much ahead. */
  FakeNode clockOff(long micros) {
    clockOffMicros = micros;
    return this;
  }

  FakeNode join(RunDescription description) {
    begin();
    writer.joined(description);
    return this;
  }

  FakeNode leave(LeaveReason reason) {
    begin();
    writer.left(reason, "");
    return this;
  }

  FakeNode drop(long samples) {
    dropped += samples;
    return this;
  }

  FakeNode health(int users, double cpu, double memory) {
    begin();
    writer.health(users, cpu, memory);
    return this;
  }

  FakeNode sample(String series, long endMicros, long latencyMicros) {
    return sample(series, 200, null, endMicros, latencyMicros, 0);
  }

  FakeNode sample(
      String series,
      int status,
      @Nullable String error,
      long endMicros,
      long latencyMicros,
      long delayMicros) {
    begin();
    int index = writer.series(series, "GET", "", Map.of());
    writer.sample(
        writer.outcome(index, status, error),
        endMicros + clockOffMicros,
        latencyMicros,
        delayMicros,
        latencyMicros / 2,
        0,
        100,
        1000);
    return this;
  }

  /** A request that failed, of a series that is told from others by more than its name. */
  FakeNode failed(String name, String method, Map<String, String> tags, long endMicros) {
    begin();
    int outcome = writer.outcome(writer.series(name, method, "", tags), 500, "HTTP 500");
    writer.sample(outcome, endMicros, 50, 0, -1, -1, -1, -1);
    return this;
  }

  /** Closes the batch: sent now, and nothing that ended earlier will follow. */
  byte[] finish(long nowMicros, long watermarkMicros) {
    begin();
    begun = false;
    byte[] value =
        writer.finish(
            sequence++,
            published,
            dropped,
            nowMicros + clockOffMicros,
            watermarkMicros + clockOffMicros);
    published += writer.sampleCount();
    return value;
  }

  void publish(long nowMicros, long watermarkMicros) {
    rig.append(run, finish(nowMicros, watermarkMicros), nowMicros);
  }

  /** Publishes at this moment, with a watermark of this moment. */
  void publish(long nowMicros) {
    publish(nowMicros, nowMicros);
  }

  private void begin() {
    if (!begun) {
      writer.begin(run, name, epochMicros + clockOffMicros);
      begun = true;
    }
  }
}
