package io.tailrace.aggregator.topology;

import java.io.Serial;
import org.apache.kafka.streams.errors.StreamsException;

/** Input went past the aggregator unread; the thread has to start again from what was committed. */
public final class InputSkipped extends StreamsException {
  @Serial private static final long serialVersionUID = 1L;

  InputSkipped(String topic, int partition, long expected, long found) {
    super(
        "read offset %d of %s-%d where %d was next: records between them were skipped"
            .formatted(found, topic, partition, expected));
  }
}
