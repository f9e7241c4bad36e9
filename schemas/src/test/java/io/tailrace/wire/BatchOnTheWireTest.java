package io.tailrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeHealth;
import io.tailrace.record.NodeLeft;
import io.tailrace.record.Outcome;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Series;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BatchOnTheWireTest {
  private static final String TOPIC = "tailrace.samples";
  private final SchemasInMemory registry = new SchemasInMemory();
  private final int id = registry.register(TOPIC + "-value", SampleBatch.getClassSchema());
  private final SampleBatchWriter writer = new SampleBatchWriter(id);
  private final SampleBatchReader reader = new SampleBatchReader(registry, TOPIC + "-value");

  @Test
  void readsWhatWasWritten() {
    writer.begin("run-1", "node-1", 1_700_000_000_000_000L);
    int users =
        writer.series("GET /users/{id}", "GET", "browse", Map.of("zone", "a", "app", "shop"));
    int login = writer.series("POST /login", "POST", "", Map.of());
    assertThat(writer.series("POST /login", "POST", "", Map.of())).isEqualTo(login);
    int ok = writer.outcome(users, 200, null);
    int refused = writer.outcome(login, 0, "connection refused");
    assertThat(writer.outcome(users, 200, null)).isEqualTo(ok);
    writer.sample(ok, 1_700_000_001_000_000L, 51_234, 0, 50_000, 0, 312, 20_512);
    writer.sample(refused, 1_700_000_000_999_000L, 900, 12, -1, -1, -1, -1);
    writer.sample(ok, 1_700_000_001_000_400L, 3_600_000_000L, 7, 0, 1_500, 300, 0);
    writer.left(LeaveReason.DONE, "plan finished");
    writer.health(17, 42.5, 512.25);
    int estimate = writer.sizeEstimate();

    byte[] value = writer.finish(3, 1_000, 2, 1_700_000_001_100_000L, 1_700_000_001_000_000L);
    assertThat(value.length).isLessThanOrEqualTo(estimate);
    reader.read(value);

    assertThat(reader.run()).isEqualTo("run-1");
    assertThat(reader.node()).isEqualTo("node-1");
    assertThat(reader.epochMicros()).isEqualTo(1_700_000_000_000_000L);
    assertThat(reader.sequence()).isEqualTo(3);
    assertThat(reader.publishedBefore()).isEqualTo(1_000);
    assertThat(reader.droppedSamples()).isEqualTo(2);
    assertThat(reader.sentMicros()).isEqualTo(1_700_000_001_100_000L);
    assertThat(reader.watermarkMicros()).isEqualTo(1_700_000_001_000_000L);
    assertThat(reader.joined()).isNull();
    assertThat(reader.left()).isEqualTo(new NodeLeft(LeaveReason.DONE, "plan finished"));
    assertThat(reader.health()).isEqualTo(new NodeHealth(17, 42.5, 512.25));
    assertThat(reader.seriesCount()).isEqualTo(2);
    assertThat(reader.series(0))
        .isEqualTo(
            new Series("GET /users/{id}", "GET", "browse", Map.of("zone", "a", "app", "shop")));
    assertThat(reader.outcomeCount()).isEqualTo(2);
    assertThat(reader.outcomeSeries(1)).isEqualTo(1);
    assertThat(reader.outcomeStatus(0)).isEqualTo(200);
    assertThat(reader.outcomeFailed(0)).isFalse();
    assertThat(reader.error(1)).isEqualTo("connection refused");
    assertThat(reader.error(1)).isSameAs(reader.error(1));
    assertThat(reader.sampleCount()).isEqualTo(3);
    assertThat(reader.outcomes()).startsWith(0, 1, 0);
    assertThat(reader.endMicros())
        .startsWith(1_700_000_001_000_000L, 1_700_000_000_999_000L, 1_700_000_001_000_400L);
    assertThat(reader.latencyMicros()).startsWith(51_234, 900, 3_600_000_000L);
    assertThat(reader.delayMicros()).startsWith(0, 12, 7);
    assertThat(reader.firstByteMicros()).startsWith(50_000, -1, 0);
    assertThat(reader.connectMicros()).startsWith(0, -1, 1_500);
    assertThat(reader.bytesSent()).startsWith(312, -1, 300);
    assertThat(reader.bytesReceived()).startsWith(20_512, -1, 0);
  }

  @Test
  void carriesTheRunsDescription() {
    RunDescription description =
        new RunDescription(
            "checkout",
            "staging",
            "1.2",
            Map.of("team", "a"),
            RunMode.LIVE,
            null,
            "main",
            8,
            "text",
            List.of(),
            null);
    writer.begin("run-1", "node-1", 5);
    writer.joined(description);
    reader.read(writer.finish(0, 0, 0, 10, 9));
    assertThat(reader.joined()).isEqualTo(description);
    assertThat(reader.sampleCount()).isZero();
    assertThat(reader.left()).isNull();
    assertThat(reader.health()).isNull();
  }

  @Test
  void isWhatAvroReads() {
    writer.begin("run", "node", 1);
    int series = writer.series("a", "", "", Map.of());
    int outcome = writer.outcome(series, 200, null);
    writer.sample(outcome, 1_000, 100, 0, -1, -1, 10, -1);
    writer.sample(outcome, 1_010, 110, 0, -1, -1, 12, -1);
    try (AvroDeserializer<SampleBatch> avro = new AvroDeserializer<>(SampleBatch.class, registry)) {
      SampleBatch batch = avro.deserialize(TOPIC, writer.finish(0, 0, 0, 2_000, 1_000));
      assertThat(batch)
          .isEqualTo(
              new SampleBatch(
                  "run",
                  "node",
                  1L,
                  0L,
                  0L,
                  0L,
                  2_000L,
                  1_000L,
                  null,
                  null,
                  null,
                  List.of(new Series("a", "", "", Map.of())),
                  List.of(new Outcome(0, 200, null, 10L, -1L)),
                  1_000L,
                  List.of(0, 0),
                  List.of(0L, 10L),
                  List.of(100L, 110L),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(0L, 2L),
                  List.of()));
    }
  }

  @Test
  void readsBatchesThatAvroWrote() {
    SampleBatch batch =
        new SampleBatch(
            "run",
            "node",
            1L,
            0L,
            0L,
            0L,
            2_000L,
            1_000L,
            null,
            null,
            null,
            List.of(new Series("a", "", "", Map.of())),
            List.of(new Outcome(0, 200, null, 10L, 0L)),
            1_000L,
            List.of(0, 0),
            List.of(0L, 10L),
            List.of(100L, 110L),
            List.of(),
            List.of(99L, -1L),
            List.of(),
            List.of(0L, 2L),
            List.of());
    try (AvroSerializer<SampleBatch> avro = new AvroSerializer<>(registry)) {
      reader.read(Objects.requireNonNull(avro.serialize(TOPIC, batch)));
    }
    assertThat(reader.sampleCount()).isEqualTo(2);
    assertThat(reader.bytesSent()).startsWith(10, 12);
    assertThat(reader.bytesReceived()).startsWith(-1, -1);
    assertThat(reader.firstByteMicros()).startsWith(1, -1);
    assertThat(reader.connectMicros()).startsWith(-1, -1);
    assertThat(reader.delayMicros()).startsWith(0, 0);
  }
}
