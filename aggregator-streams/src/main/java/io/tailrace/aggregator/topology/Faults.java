package io.tailrace.aggregator.topology;

import org.apache.kafka.streams.processor.TaskId;

/** Where tests make the aggregator fail on purpose; nothing ever fails by {@link #NONE}. */
public interface Faults {
  /** A moment at which the process can be made to end. */
  enum Point {
    BEFORE_SAVE,
    MID_FORWARD,
    AFTER_SAVE,
    AFTER_COMMIT,
    RECORD,
    APPLY
  }

  /** What a test can leave out, to see that it is needed. */
  enum Safeguard {
    COMMIT_HOOK,
    FENCE
  }

  Faults NONE = new Faults() {};

  /** Called at each of these moments. */
  default void reached(Point point, TaskId task) {}

  default boolean isWithout(Safeguard safeguard) {
    return false;
  }
}
