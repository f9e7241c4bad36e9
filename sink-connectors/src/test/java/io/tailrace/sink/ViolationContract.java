package io.tailrace.sink;

import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.contract.SinkContract;
import io.tailrace.sink.core.Feed;
import java.util.List;

/** The contract for sinks that tell people of violations, one thing for each. */
public abstract class ViolationContract extends SinkContract {
  /** What the target holds for a violation of that id. */
  protected abstract String told(String violation);

  /** Makes the target refuse what has this text in it. */
  protected abstract void refuse(String text);

  @Override
  protected final Entry record(int number) {
    Violation violation = TestRuns.violation("r1", ViolationState.OPENED, 0);
    // Of one length: no id is the beginning of another.
    violation.setId("r1/latency/" + (1_000 + number));
    return new Entry(Feed.VIOLATIONS, violation);
  }

  @Override
  protected final List<String> expected(Entry entry) {
    return List.of(told(((Violation) entry.value()).getId()));
  }

  @Override
  protected final void refuse(Entry entry) {
    refuse(told(((Violation) entry.value()).getId()));
  }
}
