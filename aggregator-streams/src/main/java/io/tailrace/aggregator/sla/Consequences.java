package io.tailrace.aggregator.sla;

import io.tailrace.record.RunCommand;
import io.tailrace.record.Violation;

/** Takes what follows from judging a window. */
public interface Consequences {
  void violation(Violation violation);

  void command(RunCommand command);
}
