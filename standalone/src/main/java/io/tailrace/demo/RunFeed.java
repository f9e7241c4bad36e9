package io.tailrace.demo;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What the aggregator says of one run, as it says it. */
public final class RunFeed implements AutoCloseable {
  /** Hears what comes. */
  public interface Listener {
    void window(Aggregate aggregate);

    void violation(Violation violation);

    void summary(RunSummary summary);
  }

  private final String run;
  private final Listener listener;
  private final KafkaConsumer<String, SpecificRecord> consumer;

  public RunFeed(String run, Topics topics, Map<String, Object> kafka, Listener listener) {
    this.run = run;
    this.listener = listener;
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    AvroDeserializer<SpecificRecord> values = new AvroDeserializer<>();
    values.configure(properties, false);
    consumer = new KafkaConsumer<>(properties, new StringDeserializer(), values);
    List<TopicPartition> partitions =
        List.of(topics.windows(), topics.violations(), topics.summaries()).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Tells the listener what has come, waiting a little when nothing has. */
  public void poll(Duration patience) {
    for (ConsumerRecord<String, SpecificRecord> each : consumer.poll(patience)) {
      if (run.equals(each.key())) {
        tell(each.value());
      }
    }
  }

  private void tell(SpecificRecord value) {
    if (value instanceof Aggregate aggregate) {
      listener.window(aggregate);
    } else if (value instanceof Violation violation) {
      listener.violation(violation);
    } else if (value instanceof RunSummary summary) {
      listener.summary(summary);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
