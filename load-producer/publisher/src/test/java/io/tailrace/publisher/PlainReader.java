package io.tailrace.publisher;

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

/** Reads batches with Avro's generic reader and nothing of ours but the schema's text. */
final class PlainReader {

  private static final Schema SCHEMA =
      new Schema.Parser().parse(SampleBatch.getClassSchema().toString());
  private static final int HEADER_BYTES = 5;

  private PlainReader() {}

  /** All batches of a run that are in the topic now, in the order of their partition. */
  static List<GenericRecord> batches(String bootstrapServers, String topic, String run) {
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

  static Tally tally(List<GenericRecord> batches) {
    Tally tally = new Tally();
    batches.forEach(batch -> add(tally, batch));
    return tally;
  }

  private static void add(Tally tally, GenericRecord batch) {
    List<?> series = (List<?>) batch.get("series");
    List<?> outcomes = (List<?>) batch.get("outcomes");
    List<?> indexes = (List<?>) batch.get("outcome");
    long end = (long) batch.get("baseMicros");
    for (int i = 0; i < indexes.size(); i++) {
      GenericRecord outcome = (GenericRecord) outcomes.get((int) indexes.get(i));
      GenericRecord of = (GenericRecord) series.get((int) outcome.get("series"));
      end += column(batch, "endMicros", i, 0);
      long latency = column(batch, "latencyMicros", i, 0);
      long body = column(batch, "bodyMicros", i, -1);
      tally.add(
          of.get("name") + " " + of.get("method") + " " + of.get("group") + " " + of.get("tags"),
          (int) outcome.get("status"),
          String.valueOf(outcome.get("error")),
          end,
          latency,
          column(batch, "delayMicros", i, 0),
          body < 0 ? -1 : latency - body,
          column(batch, "connectMicros", i, -1),
          bytes(batch, outcome, "bytesSent", i),
          bytes(batch, outcome, "bytesReceived", i));
    }
  }

  private static long bytes(GenericRecord batch, GenericRecord outcome, String name, int i) {
    return ((List<?>) batch.get(name)).isEmpty()
        ? -1
        : column(batch, name, i, 0) + (long) outcome.get(name);
  }

  private static long column(GenericRecord batch, String name, int i, long absent) {
    List<?> values = (List<?>) batch.get(name);
    return values.isEmpty() ? absent : (long) values.get(i);
  }
}
