package io.tailrace.generator;

import io.tailrace.generator.engine.Progress;
import io.tailrace.publisher.CloseReport;
import io.tailrace.record.LeaveReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one node's run.
 *
 * @param published what became of the samples; null when they were not published
 * @param bottlenecks how the generator itself held the load back; empty when it did not
 */
public record LoadSummary(
    String name,
    String run,
    String node,
    String target,
    Progress progress,
    LeaveReason reason,
    String message,
    List<String> bottlenecks,
    @Nullable CloseReport published) {

  public LoadSummary {
    bottlenecks = List.copyOf(bottlenecks);
  }

  /** Every request that was due is accounted for, and every sample is in Kafka if it was to be. */
  public boolean isWhole() {
    CloseReport report = published;
    return reason == LeaveReason.DONE && (report == null || report.complete());
  }
}
