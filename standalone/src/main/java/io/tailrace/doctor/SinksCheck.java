package io.tailrace.doctor;

import io.tailrace.sink.core.service.Outputs;
import io.tailrace.sink.core.service.SinkCheck;

/** Whether every sink that is configured reaches its target, and may write to it. */
public final class SinksCheck {
  private static final String SINKS = "sinks";

  private SinksCheck() {}

  public static void examine(Outputs outputs, Findings findings) {
    outputs.notes().forEach(note -> findings.doubtful(SINKS, note, ""));
    if (outputs.names().isEmpty()) {
      findings.fine(SINKS, "none is configured");
    }
    for (SinkCheck check : outputs.check()) {
      if (check.isFine()) {
        findings.fine(SINKS, check.sink() + " reaches its target");
      } else {
        findings.wrong(
            SINKS,
            check.sink() + ": " + check.problem(),
            "mend outputs." + check.sink() + ", or set enabled: false there");
      }
    }
  }
}
