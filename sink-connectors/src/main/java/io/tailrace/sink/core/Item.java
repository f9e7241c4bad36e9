package io.tailrace.sink.core;

import org.apache.avro.specific.SpecificRecord;

/** One record to deliver, and where it came from. */
public record Item(Feed feed, Origin origin, SpecificRecord value) {

  /** The value as the type its feed carries. */
  public <T extends SpecificRecord> T as(Class<T> type) {
    return type.cast(value);
  }
}
