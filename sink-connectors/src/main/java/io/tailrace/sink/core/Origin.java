package io.tailrace.sink.core;

/** Where an item stands in the log: the same item has the same origin however often it is read. */
public record Origin(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
