package io.tailrace.benchmarks.publisher;

import io.tailrace.benchmarks.wire.OneSchema;
import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.publisher.SamplePublisher;
import io.tailrace.record.SampleBatch;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** An embedded broker with the topics, and publishers to it. */
final class SamplesTopic implements AutoCloseable {

  private final EmbeddedKafka kafka = EmbeddedKafka.start();

  SamplesTopic() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      new TopicCatalogue(Topics.defaults(), 4).create(admin, (short) 1);
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  SamplePublisher publisher(String run, Map<String, ?> kafkaProperties) {
    return SamplePublisher.builder()
        .bootstrapServers(bootstrapServers())
        .kafka(kafkaProperties)
        .registry(new OneSchema(SampleBatch.getClassSchema()))
        .run(run)
        .node("benchmark")
        .start();
  }

  @Override
  public void close() {
    kafka.close();
  }
}
