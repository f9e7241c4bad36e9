package io.tailrace.aggregator.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.record.RunMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactnessIT {
  private static final String APPLICATION = "exactness";
  private static final long START_MICROS = 1_790_000_000_000_000L;

  @TempDir Path folder;

  @Test
  void everyWindowOfTwentyNodesIsExact() {
    LoadPlan prompt =
        new LoadPlan(
            2,
            20,
            3,
            12,
            15,
            Duration.ofSeconds(35),
            RunMode.REPLAY,
            Duration.ofSeconds(2),
            2,
            Duration.ZERO,
            1);
    LoadPlan late =
        new LoadPlan(
            1,
            3,
            0,
            5,
            20,
            Duration.ofSeconds(150),
            RunMode.IMPORT,
            Duration.ofSeconds(100),
            0,
            Duration.ZERO,
            2);
    try (ProofCluster cluster = ProofCluster.start(folder)) {
      Ledger promptLedger = publish(cluster, prompt, "prompt-");
      Ledger lateLedger = publish(cluster, late, "late-");
      try (AggregatorProcess aggregator = cluster.aggregator(APPLICATION, Map.of())) {
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(500))
            .until(
                () ->
                    cluster
                        .summaries()
                        .keySet()
                        .containsAll(List.of("prompt-0", "prompt-1", "late-0")));
        assertThat(aggregator.isAlive()).isTrue();
      }
      Results results = cluster.results();
      Comparison comparison = Comparison.of(promptLedger.with(lateLedger), results);

      assertThat(comparison.differences()).as(comparison.toString()).isZero();
      assertThat(results.revised()).as("windows that late samples re-opened").isPositive();
      assertThat(results.supplements())
          .as("aggregates of samples later than a minute")
          .isPositive();
      assertThat(cluster.deadLetters()).isZero();
      SummaryCheck.assertBalanced(promptLedger, cluster.summaries());
    }
  }

  private static Ledger publish(ProofCluster cluster, LoadPlan plan, String prefix) {
    FleetLoad load =
        new FleetLoad(plan, prefix, START_MICROS, cluster.samples(), cluster.samplesSchemaId());
    try (Publishing publishing = Publishing.asFastAsPossible(load, cluster.producer())) {
      return publishing.await();
    }
  }
}
