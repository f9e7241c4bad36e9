package io.tailrace.sink.core;

import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.WireException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns the bytes of a feed's topic into items; what cannot be read is poison, never an error. */
final class RecordDecoder {
  private final Map<String, Feed> feeds = new HashMap<>();
  private final AvroDeserializer<SpecificRecord> deserializer;

  RecordDecoder(
      Collection<Feed> feeds, Topics topics, AvroDeserializer<SpecificRecord> deserializer) {
    for (Feed feed : feeds) {
      this.feeds.put(feed.topic(topics), feed);
    }
    this.deserializer = deserializer;
  }

  Collection<String> topics() {
    return feeds.keySet();
  }

  void decode(
      ConsumerRecord<byte[], byte[]> bytes,
      Consumer<Item> items,
      Consumer<DeadLetters.Poison> poison) {
    Feed feed = feeds.get(bytes.topic());
    // A null value deletes a key of a compacted topic: nothing to deliver.
    if (feed == null || bytes.value() == null) {
      return;
    }
    try {
      SpecificRecord value = deserializer.deserialize(bytes.topic(), bytes.value());
      if (feed.recordType().isInstance(value)) {
        items.accept(
            new Item(
                feed, new Origin(bytes.topic(), bytes.partition(), bytes.offset()), value));
      } else {
        poison.accept(
            new DeadLetters.Poison(
                bytes,
                "wrong-record",
                "expected a " + feed.recordType().getSimpleName() + ", found " + value));
      }
    } catch (WireException e) {
      poison.accept(new DeadLetters.Poison(bytes, "unreadable", String.valueOf(e.getMessage())));
    }
  }
}
