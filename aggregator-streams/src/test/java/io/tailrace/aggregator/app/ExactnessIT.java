package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExactnessIT {
  private static final int NODES = 20;
  private static final int SECONDS = 12;
  private static final int PER_BATCH = 50;

  @Test
  void everyWindowHoldsWhatAllNodesMeasuredIncludingTheSlowOnes() throws Exception {
    TestRun run = TestRun.create(TestKafka.shared(), "exactness");
    run.publish(NODES, SECONDS, PER_BATCH, 7);

    try (Aggregator aggregator = Aggregator.start(run.config())) {
      RunSummary summary = run.awaitSummary();

      assertThat(summary.getReasons()).isEmpty();
      assertThat(summary.getVerdict()).isEqualTo(Verdict.PASSED);
      assertThat(summary.getRequests()).isEqualTo(run.ledger().total());
      assertThat(aggregator.counters().deadLetters().sum()).isZero();
    }
    List<Aggregate> windows = run.windows();
    Map<SampleLedger.Cell, long[]> expected = run.ledger().sorted();
    assertThat(windows).hasSameSizeAs(expected.keySet());
    for (Aggregate window : windows) {
      long[] exact =
          Objects.requireNonNull(expected.get(SampleLedger.cellOf(window)), window::toString);
      assertThat(window.getRequests()).isEqualTo(exact.length);
      assertThat(window.getResponseTime().getMinMicros()).isEqualTo(exact[0]);
      assertThat(window.getResponseTime().getMaxMicros()).isEqualTo(exact[exact.length - 1]);
      assertThat(window.getResponseTime().getMeanMicros())
          .isCloseTo(Arrays.stream(exact).average().orElseThrow(), within(1e-6));
      isClose(window.getResponseTime().getP50Micros(), exact, 500);
      isClose(window.getResponseTime().getP90Micros(), exact, 900);
      isClose(window.getResponseTime().getP99Micros(), exact, 990);
      isClose(window.getResponseTime().getP999Micros(), exact, 999);
    }
  }

  private static void isClose(long actual, long[] sorted, int thousandths) {
    int rank = (int) Math.ceil(sorted.length * thousandths / 1000.0);
    long exact = sorted[Math.max(0, rank - 1)];
    assertThat((double) actual).isCloseTo((double) exact, within(Math.max(1, exact * 0.001)));
  }
}
