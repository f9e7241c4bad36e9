package io.tailrace.embedded;

import io.tailrace.record.SampleBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads batches of samples with Avro's generic reader and nothing of ours but the schema's text.
 */
public final class PlainReader {

  private static final Schema SCHEMA =
      new Schema.Parser().parse(SampleBatch.getClassSchema().toString());
  private static final int HEADER_BYTES = 5;

  private PlainReader() {}

  /** All batches of a run that are in the topic now, in the order of their partition. */
  public static List<GenericRecord> batches(String bootstrapServers, String topic, String run) {
    List<GenericRecord> batches = new ArrayList<>();
    Map<String, Object> properties =
        Map.of("bootstrap.servers", bootstrapServers, "max.poll.records", 10_000);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          if (record.key().equals(run)) {
            batches.add(decode(record.value()));
          }
        }
      }
    }
    return batches;
  }

  private static GenericRecord decode(byte[] value) {
    try {
      return new GenericDatumReader<GenericRecord>(SCHEMA)
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
