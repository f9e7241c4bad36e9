package io.tailrace.sink.core.runner;

import io.tailrace.sink.core.Item;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Consecutive records of one partition that go to the target in one attempt. */
final class Part {
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final List<Item> items = new ArrayList<>();
  private final List<DeadLetters.Poison> poison = new ArrayList<>();
  private final boolean recalled;
  private boolean decoded;

  /**
   * @param recalled settled in an earlier life, and read again to be remembered
   */
  Part(List<ConsumerRecord<byte[], byte[]>> records, boolean recalled) {
    this.records = records;
    this.recalled = recalled;
  }

  boolean isRecalled() {
    return recalled;
  }

  /** Decodes once; an exception leaves nothing behind, so that it can be tried again. */
  void decode(RecordDecoder decoder) {
    if (decoded) {
      return;
    }
    items.clear();
    poison.clear();
    for (ConsumerRecord<byte[], byte[]> each : records) {
      decoder.decode(each, items::add, poison::add);
    }
    decoded = true;
  }

  List<Item> items() {
    return items;
  }

  List<DeadLetters.Poison> poison() {
    return poison;
  }

  ConsumerRecord<byte[], byte[]> recordOf(Item item) {
    long first = records.get(0).offset();
    // Offsets are dense but for transaction markers, so the guess is near and the walk is short.
    int i = (int) Math.min(item.origin().offset() - first, records.size() - 1L);
    while (records.get(i).offset() > item.origin().offset()) {
      i--;
    }
    return records.get(i);
  }

  int size() {
    return records.size();
  }

  long nextOffset() {
    return records.get(records.size() - 1).offset() + 1;
  }

  /** Halves, so that the one bad record of a refused batch is found in few attempts. */
  List<Part> split() {
    int middle = records.size() / 2;
    return List.of(
        new Part(records.subList(0, middle), recalled),
        new Part(records.subList(middle, records.size()), recalled));
  }
}
