package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.wire.AvroSerializer;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes one record and waits until the cluster has it. */
final class TopicWriter {
  private static final String PATIENCE_MILLIS = "10000";

  private TopicWriter() {}

  /** A null value deletes what a compacted topic holds under the key. */
  static <T extends SpecificRecord> void write(
      KafkaConnection kafka, String topic, String key, @Nullable T value) {
    Map<String, Object> client = kafka.clientProperties();
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    client.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    AvroSerializer<T> serializer = new AvroSerializer<>();
    serializer.configure(client, false);
    try (KafkaProducer<String, T> producer =
        new KafkaProducer<>(client, new StringSerializer(), serializer)) {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        throw CommandFailure.failed(
            "cannot write "
                + key
                + " to "
                + topic
                + ": it takes more room than a record has, 1 MiB by default; expected less of it");
      }
      throw CommandFailure.failed("cannot write to " + topic + ": " + String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted while writing to " + topic);
    }
  }
}
