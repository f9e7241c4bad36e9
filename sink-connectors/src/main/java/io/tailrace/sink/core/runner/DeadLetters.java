package io.tailrace.sink.core.runner;

import io.tailrace.record.DeadLetter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Writes what a sink gives up on to the dead letters, and waits until it is there. */
final class DeadLetters implements AutoCloseable {
  /** One record given up on: a short word to count by, and the reason for people. */
  record Poison(ConsumerRecord<byte[], byte[]> bytes, String reason, String detail) {}

  private static final int MOST_BYTES = 512 * 1024;
  private static final long WAIT_SECONDS = 30;

  private final String component;
  private final String topic;
  private final Producer<byte[], DeadLetter> producer;

  DeadLetters(String component, String topic, Producer<byte[], DeadLetter> producer) {
    this.component = component;
    this.topic = topic;
    this.producer = producer;
  }

  /** Returns when all are acknowledged; until then their offsets must not be committed. */
  void write(List<Poison> poison) throws IOException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(poison.size());
    for (Poison each : poison) {
      sent.add(producer.send(new ProducerRecord<>(topic, each.bytes().key(), letter(each))));
    }
    for (Future<RecordMetadata> each : sent) {
      try {
        each.get(WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("could not write to " + topic + ": " + e.getMessage(), e);
      }
    }
  }

  private DeadLetter letter(Poison poison) {
    ConsumerRecord<byte[], byte[]> bytes = poison.bytes();
    byte[] value = bytes.value();
    boolean truncated = value != null && value.length > MOST_BYTES;
    return DeadLetter.newBuilder()
        .setTopic(bytes.topic())
        .setPartition(bytes.partition())
        .setOffset(bytes.offset())
        .setAppendMicros(TimeUnit.MILLISECONDS.toMicros(bytes.timestamp()))
        .setComponent(component)
        .setReason(poison.reason())
        .setDetail(poison.detail())
        .setKey(wrap(bytes.key(), MOST_BYTES))
        .setValue(wrap(value, MOST_BYTES))
        .setTruncated(truncated)
        .build();
  }

  private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes, int most) {
    return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, most));
  }

  @Override
  public void close() {
    producer.close();
  }
}
