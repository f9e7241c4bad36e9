package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.PlainReader;
import io.tailrace.embedded.PublishedLedger;
import io.tailrace.record.LeaveReason;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BrokerOutageIT {

  private static final String TOPIC = Topics.defaults().samples();

  /** The generator's test of the same has the broker away for longer. */
  private static final Duration OUTAGE =
      Duration.ofSeconds("long".equals(System.getProperty("tailrace.proof")) ? 60 : 6);

  @TempDir Path folder;

  private EmbeddedKafka start() {
    EmbeddedKafka kafka = EmbeddedKafka.start(folder);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      new TopicCatalogue(Topics.defaults(), 4).create(admin, (short) 1);
    }
    return kafka;
  }

  private EmbeddedKafka startAgain(String bootstrapServers) {
    int port = Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
    return EmbeddedKafka.builder().dataFolder(folder).port(port).start();
  }

  private static SamplePublisherBuilder publisher(EmbeddedKafka kafka) {
    return SamplePublisher.builder()
        .bootstrapServers(kafka.bootstrapServers())
        .registry(new Schemas())
        .run("outage")
        .node("node");
  }

  /** Records at a steady rate for so long. */
  private static void load(LoadThread load, int samplesPerMilli, Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      load.record(samplesPerMilli);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void losesAndDoublesNothingWithinTheBound() {
    EmbeddedKafka before = start();
    String servers = before.bootstrapServers();
    SamplePublisher publisher = publisher(before).start();
    LoadThread load = new LoadThread(publisher, 1);
    load(load, 20, Duration.ofSeconds(2));
    before.close();
    load(load, 20, OUTAGE);
    assertThat(publisher.stats().backlogSamples()).isPositive();
    try (EmbeddedKafka after = startAgain(servers)) {
      load(load, 20, Duration.ofSeconds(2));
      CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(60));

      List<GenericRecord> batches = PlainReader.batches(after.bootstrapServers(), TOPIC, "outage");
      assertThat(report.complete()).as(report.toString()).isTrue();
      assertThat(load.dropped()).isZero();
      assertThat(Tally.of(batches).sums()).isEqualTo(load.kept().sums());
      assertThat(PublishedLedger.of(batches))
          .isEqualTo(new PublishedLedger(load.kept().samples(), 0, true));
    }
  }

  @Test
  void countsTheLossExactlyWhenTheBoundIsSmall() {
    long bound = 1 << 20;
    EmbeddedKafka before = start();
    String servers = before.bootstrapServers();
    SamplePublisher publisher = publisher(before).memoryBound(bound).start();
    LoadThread load = new LoadThread(publisher, 1);
    before.close();
    load(load, 100, Duration.ofSeconds(5));
    assertThat(publisher.stats().memoryBytes()).isLessThanOrEqualTo(bound);
    try (EmbeddedKafka after = startAgain(servers)) {
      load(load, 20, Duration.ofSeconds(2));
      CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(60));

      List<GenericRecord> batches = PlainReader.batches(after.bootstrapServers(), TOPIC, "outage");
      assertThat(load.dropped()).isPositive();
      assertThat(report.dropped()).isEqualTo(load.dropped());
      assertThat(report.acknowledged()).isEqualTo(load.kept().samples());
      assertThat(Tally.of(batches).sums()).isEqualTo(load.kept().sums());
      assertThat(PublishedLedger.of(batches))
          .isEqualTo(new PublishedLedger(load.kept().samples(), load.dropped(), true));
    }
  }
}
