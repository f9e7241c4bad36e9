package io.tailrace.aggregator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Aggregate;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.RunSummary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminismTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theSameLogTellsTheSameWhereverItIsSavedAndTakenUpAgain(long seed) {
    List<LogOfRuns.Entry> log = LogOfRuns.random(seed, Replayed.BATCH_SCHEMA).entries();
    List<String> undisturbed = replay(log, i -> i % 1_000 == 0, i -> false).everything();

    Random random = new Random(seed);
    Replayed disturbed = replay(log, i -> random.nextInt(5) == 0, i -> random.nextInt(40) == 0);

    assertThat(disturbed.everything()).isEqualTo(undisturbed);
    assertThat(disturbed.largestEntry()).isLessThanOrEqualTo(StagedState.CHUNK_BYTES);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whatIsCountedIsWhatWasPublished(long seed) {
    LogOfRuns log = LogOfRuns.random(seed, Replayed.BATCH_SCHEMA);
    Random random = new Random(seed);
    Replayed replayed =
        replay(log.entries(), i -> random.nextInt(9) == 0, i -> random.nextInt(60) == 0);

    Map<String, RunSummary> last = new HashMap<>();
    replayed.summaries.forEach(summary -> last.put(summary.getRun(), summary));
    long counted = 0;
    for (RunSummary summary : last.values()) {
      long inLedger = summary.getLedger().stream().mapToLong(NodeLedger::getCounted).sum();
      assertThat(summary.getRequests()).isEqualTo(inLedger);
      counted += inLedger;
    }
    assertThat(counted).isEqualTo(log.published());
    for (long width : new long[] {1_000_000, 10_000_000, 60_000_000}) {
      assertThat(latestOf(replayed.aggregates(), width)).isEqualTo(log.published());
    }
    assertThat(latestOf(replayed.aggregates(), 0)).isEqualTo(log.published());
  }

  private static Replayed replay(
      List<LogOfRuns.Entry> log,
      java.util.function.IntPredicate saves,
      java.util.function.IntPredicate restarts) {
    return new Replayed(RunRules.defaults()).take(log, saves, restarts);
  }

  /** Requests of the whole runs: the latest revision of every window, and all supplements. */
  private static long latestOf(List<Aggregate> aggregates, long width) {
    Map<String, Long> latest = new HashMap<>();
    Set<String> seen = new HashSet<>();
    long supplements = 0;
    for (Aggregate one : aggregates) {
      if (!one.getSeries().getName().equals("*")
          || one.getTotal() != (width == 0)
          || (width != 0 && one.getWindowMicros() != width)) {
        continue;
      }
      String window = one.getRun() + "/" + (width == 0 ? "" : one.getWindowStartMicros());
      assertThat(seen.add(window + "/" + one.getRevision() + "/" + one.getSupplement())).isTrue();
      if (one.getSupplement()) {
        supplements += one.getRequests();
      } else {
        latest.put(window, one.getRequests());
      }
    }
    return supplements + latest.values().stream().mapToLong(Long::longValue).sum();
  }
}
