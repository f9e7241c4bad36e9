package io.tailrace.aggregator.sla;

import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The verdict on a run: failed beats incomplete, and a run with missing samples never passes.
 *
 * @param reasons why, for people
 */
public record Judgement(Verdict verdict, List<String> reasons) {

  /**
   * Decides on a run.
   *
   * @param notes what else there is to say of the run
   * @param complete whether no samples are missing
   */
  public static Judgement of(List<ObjectiveResult> results, List<String> notes, boolean complete) {
    List<String> reasons = new ArrayList<>();
    boolean failed = false;
    for (ObjectiveResult result : results) {
      String name = result.getObjective().getName();
      if (result.getStatus() == ObjectiveStatus.FAILED) {
        boolean counts = result.getObjective().getSeverity() != Severity.INFO;
        failed |= counts;
        reasons.add(name + " failed: " + result.getReason() + (counts ? "" : " (severity info)"));
      } else if (result.getStatus() == ObjectiveStatus.NOT_JUDGED) {
        reasons.add(name + " was not judged: " + result.getReason());
      }
    }
    reasons.addAll(notes);
    if (failed) {
      return new Judgement(Verdict.FAILED, reasons);
    }
    return new Judgement(complete ? Verdict.PASSED : Verdict.INCOMPLETE, reasons);
  }
}
