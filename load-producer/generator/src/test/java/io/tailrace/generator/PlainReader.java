package io.tailrace.generator;

import io.tailrace.record.SampleBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** All batches of a run that are in the topic now. */
  static List<GenericRecord> batches(String bootstrapServers, String topic, String run) {
    List<GenericRecord> batches = new ArrayList<>();
    Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
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

  /** What the batches hold, as the test's own ledger would have kept it. */
  static Ledger ledger(List<GenericRecord> batches) {
    Ledger ledger = new Ledger();
    batches.forEach(batch -> add(ledger, batch));
    return ledger;
  }

  /** When each node's first request was due. */
  static Map<String, Long> firstDueMicros(List<GenericRecord> batches) {
    Map<String, Long> first = new TreeMap<>();
    for (GenericRecord batch : batches) {
      long end = (long) batch.get("baseMicros");
      for (int i = 0; i < ((List<?>) batch.get("outcome")).size(); i++) {
        end += column(batch, "endMicros", i);
        long due = end - column(batch, "latencyMicros", i) - column(batch, "delayMicros", i);
        first.merge(batch.get("node").toString(), due, Math::min);
      }
    }
    return first;
  }

  private static void add(Ledger ledger, GenericRecord batch) {
    List<?> series = (List<?>) batch.get("series");
    List<?> outcomes = (List<?>) batch.get("outcomes");
    List<?> indexes = (List<?>) batch.get("outcome");
    long end = (long) batch.get("baseMicros");
    for (int i = 0; i < indexes.size(); i++) {
      GenericRecord outcome = (GenericRecord) outcomes.get((int) indexes.get(i));
      GenericRecord of = (GenericRecord) series.get((int) outcome.get("series"));
      Object error = outcome.get("error");
      end += column(batch, "endMicros", i);
      ledger.add(
          of.get("group").toString(),
          of.get("name").toString(),
          (int) outcome.get("status"),
          error == null ? null : error.toString(),
          end,
          column(batch, "latencyMicros", i),
          column(batch, "delayMicros", i),
          column(batch, "bytesReceived", i) + (long) outcome.get("bytesReceived"));
    }
  }

  private static long column(GenericRecord batch, String name, int i) {
    List<?> values = (List<?>) batch.get(name);
    return values.isEmpty() ? 0 : (long) values.get(i);
  }
}
