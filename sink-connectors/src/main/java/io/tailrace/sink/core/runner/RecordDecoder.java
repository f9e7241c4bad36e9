package io.tailrace.sink.core.runner;

import io.tailrace.registry.SchemaRegistry;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.WireException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns the bytes of the feeds' topics into items; what cannot be read is poison, never an error.
 * Not thread-safe.
 */
final class RecordDecoder {
  private record Source(Feed feed, AvroDeserializer<? extends SpecificRecord> values) {}

  private final Map<String, Source> sources = new HashMap<>();

  private final Selection selection;

  RecordDecoder(
      Collection<Feed> feeds, Topics topics, SchemaRegistry registry, Selection selection) {
    this.selection = selection;
    for (Feed feed : feeds) {
      sources.put(
          feed.topic(topics),
          new Source(feed, new AvroDeserializer<>(feed.recordType(), registry)));
    }
  }

  void decode(
      ConsumerRecord<byte[], byte[]> bytes,
      Consumer<Item> items,
      Consumer<DeadLetters.Poison> poison) {
    Source source = sources.get(bytes.topic());
    if (source == null) {
      throw new IllegalStateException("no feed reads " + bytes.topic());
    }
    try {
      SpecificRecord value = source.values().deserialize(bytes.topic(), bytes.value());
      // A null value deletes a key of a compacted topic: nothing to deliver.
      if (value != null) {
        Origin origin = new Origin(bytes.topic(), bytes.partition(), bytes.offset());
        Item item = new Item(source.feed(), origin, value);
        if (selection.includes(item)) {
          items.accept(item);
        }
      }
    } catch (WireException e) {
      poison.accept(new DeadLetters.Poison(bytes, "unreadable", String.valueOf(e.getMessage())));
    }
  }
}
