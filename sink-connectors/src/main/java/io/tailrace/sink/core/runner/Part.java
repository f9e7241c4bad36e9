package io.tailrace.sink.core.runner;

import io.tailrace.sink.core.Item;
import java.io.IOException;
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
  private int leftOut;

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
  void decode(RecordDecoder decoder, SeriesBudget budget) throws IOException, InterruptedException {
    if (decoded) {
      return;
    }
    items.clear();
    poison.clear();
    leftOut = 0;
    List<Item> read = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> each : records) {
      decoder.decode(each, read::add, poison::add);
    }
    for (Item item : read) {
      if (budget.admits(item)) {
        items.add(item);
      } else {
        leftOut++;
      }
    }
    budget.save();
    decoded = true;
  }

  List<Item> items() {
    return items;
  }

  List<DeadLetters.Poison> poison() {
    return poison;
  }

  /** How many are not sent because their runs have too many series. */
  int leftOut() {
    return leftOut;
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
