package io.tailrace.aggregator.run;

import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;

/** Takes what is to be published, encoded at once and sent with the next commit. */
public interface Outbox {
  /** An aggregate of a window that ended then, ready to be a record's value. */
  void window(String run, long endMicros, byte[] value);

  void event(String key, RunEvent event);

  /** Takes an event back. */
  void eraseEvent(String key);

  void summary(RunSummary summary);

  void violation(Violation violation);

  void command(RunCommand command);
}
