package io.tailrace.aggregator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;

/** Holds the summaries' own ledgers against ours. */
final class SummaryCheck {
  private SummaryCheck() {}

  /** The clock of a node, as its run's summary says it was corrected. */
  static long skewMicros(Map<String, GenericRecord> summaries, String run, String name) {
    GenericRecord summary = Objects.requireNonNull(summaries.get(run), run);
    for (Object entry : (List<?>) summary.get("ledger")) {
      GenericRecord node = (GenericRecord) entry;
      if (node.get("node").toString().equals(name)) {
        return (Long) node.get("skewMicros");
      }
    }
    throw new AssertionError(name + " is not in the ledger of " + run);
  }

  static void assertBalanced(Ledger ledger, Map<String, GenericRecord> summaries) {
    for (String run : ledger.runs()) {
      assertThat(summaries).containsKey(run);
      GenericRecord summary = Objects.requireNonNull(summaries.get(run));
      assertThat(summary.get("requests")).as("requests of %s", run).isEqualTo(ledger.samples(run));
      assertThat(summary.get("verdict")).as("%s", summary).hasToString("PASSED");
      long counted = 0;
      long duplicates = 0;
      for (Object entry : (List<?>) summary.get("ledger")) {
        GenericRecord node = (GenericRecord) entry;
        assertThat(node.get("counted")).as("%s", node).isEqualTo(node.get("published"));
        assertThat(node.get("gaps")).as("%s", node).isEqualTo(0L);
        assertThat((Boolean) node.get("balanced")).as("%s", node).isTrue();
        counted += (Long) node.get("counted");
        duplicates += (Long) node.get("duplicates");
      }
      assertThat(counted).as("counted in %s", run).isEqualTo(ledger.samples(run));
      assertThat(duplicates).as("duplicates in %s", run).isEqualTo(ledger.duplicates(run));
    }
  }
}
