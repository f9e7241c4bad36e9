package io.tailrace.aggregator.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.record.RunMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills what can be killed while a fleet publishes in real time, one of its clocks an hour ahead,
 * and holds every window against the ledger. {@code -Dtailrace.proof=long} makes it larger, does it
 * with a replay as well, and runs the negative controls.
 */
class CrashIT {
  private static final String LONG = "tailrace.proof";
  private static final boolean IS_LONG = "long".equals(System.getProperty(LONG));
  private static final String APPLICATION = "crash";
  private static final Duration RUNNING_WITHIN = Duration.ofMinutes(2);
  private static final Duration OUTSTANDING_WITHIN = Duration.ofSeconds(5);
  private static final Duration CLOCK_AHEAD = Duration.ofHours(1);

  /** Twice what is promised of a machine that has the time. */
  private static final Duration RUNNING_AGAIN_WITHIN = Duration.ofSeconds(30);

  private static final String[] HALTS = {
    "before-save:12", "mid-forward:9", "after-save:10", "after-commit:11"
  };

  private final Random random = new Random(7);

  @TempDir Path folder;

  @Test
  void nothingIsLostOrDoubledWhateverIsKilled() {
    assertExactWhateverIsKilled(plan(RunMode.LIVE, CLOCK_AHEAD));
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = "long")
  void nothingOfAReplayIsLostOrDoubledWhateverIsKilled() {
    assertExactWhateverIsKilled(plan(RunMode.REPLAY, Duration.ZERO));
  }

  private void assertExactWhateverIsKilled(LoadPlan plan) {
    try (ProofCluster cluster = ProofCluster.start(folder)) {
      Ledger ledger;
      try (Chaos chaos = new Chaos(cluster, plan, Map.of("standbys", "1"))) {
        for (int round = 0; round < (IS_LONG ? 3 : 1); round++) {
          for (String halt : HALTS) {
            chaos.haltAt(halt);
          }
          chaos.killTheBrokerWithATransactionOpen();
          chaos.promoteAStandby();
          chaos.rebalance();
          chaos.killAtRandom(IS_LONG ? 3 : 1);
          chaos.corrupt(10);
        }
        ledger = chaos.finish();
        chaos.assertRunningAgainInTime();
      }
      correctClocks(cluster, ledger);
      Comparison comparison = Comparison.of(ledger, cluster.results());
      assertThat(comparison.differences()).as(comparison.toString()).isZero();
      SummaryCheck.assertBalanced(ledger, cluster.summaries());
      System.out.println(plan.mode() + ": " + comparison);

      assertTheSameFromScratch(cluster, ledger);
    }
  }

  /** By what the aggregator itself says, which has to be near the truth. */
  private static void correctClocks(ProofCluster cluster, Ledger ledger) {
    Map<String, GenericRecord> summaries = cluster.summaries();
    ledger.correct(
        (run, node) -> {
          long skew = SummaryCheck.skewMicros(summaries, run, node);
          assertThat(skew + TimeUnit.HOURS.toMicros(1))
              .as("how late the first batch of %s in %s was", node, run)
              .isBetween(-TimeUnit.SECONDS.toMicros(2), TimeUnit.SECONDS.toMicros(30));
          return skew;
        });
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = "long")
  void withoutTheCommitHookMostIsLost() {
    try (ProofCluster cluster = ProofCluster.start(folder)) {
      Comparison comparison;
      try (Chaos chaos =
          new Chaos(
              cluster,
              plan(RunMode.REPLAY, Duration.ZERO),
              Map.of(),
              "tailrace.unsafe=commit-hook")) {
        chaos.killAtRandom(3);
        comparison = Comparison.of(chaos.finishOrGiveUp(), cluster.results());
      }
      System.out.println("without the commit hook: " + comparison);
      assertThat(comparison.missingSamples()).as(comparison.toString()).isPositive();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = "long")
  void withoutTheFenceSomeIsLost() {
    try (ProofCluster cluster = ProofCluster.start(folder)) {
      Comparison comparison;
      try (Chaos chaos =
          new Chaos(
              cluster, plan(RunMode.REPLAY, Duration.ZERO), Map.of(), "tailrace.unsafe=fence")) {
        chaos.corrupt(20);
        comparison = Comparison.of(chaos.finishOrGiveUp(), cluster.results());
      }
      System.out.println("without the fence: " + comparison);
      assertThat(comparison.missingSamples()).as(comparison.toString()).isPositive();
    }
  }

  /** Another application reads the same log at another commit interval, undisturbed. */
  private void assertTheSameFromScratch(ProofCluster cluster, Ledger ledger) {
    Map<String, String> disturbed = cluster.hashes();
    cluster.emptyOutputs();
    try (AggregatorProcess undisturbed =
        cluster.aggregator("undisturbed", Map.of("kafka.commit.interval.ms", "137"))) {
      awaitSummaries(cluster, ledger);
      assertThat(undisturbed.isAlive()).isTrue();
    }
    assertThat(cluster.hashes()).isEqualTo(disturbed);
  }

  private static LoadPlan plan(RunMode mode, Duration clockAhead) {
    return new LoadPlan(
        IS_LONG ? 6 : 3,
        IS_LONG ? 8 : 5,
        1,
        IS_LONG ? 20 : 6,
        IS_LONG ? 60 : 30,
        Duration.ofMinutes(30),
        mode,
        Duration.ofSeconds(2),
        2,
        clockAhead,
        42);
  }

  private static void awaitSummaries(ProofCluster cluster, Ledger ledger) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> cluster.summaries().keySet().containsAll(ledger.runs()));
  }

  /** A load under way, and what is done to those who count it. */
  private final class Chaos implements AutoCloseable {
    private final ProofCluster cluster;
    private final Map<String, String> settings;
    private final String[] systemProperties;
    private final Publishing publishing;
    private final List<Duration> restarts = new ArrayList<>();
    private @Nullable AggregatorProcess survivor;
    private long diedNanos;
    private String fault = "";

    Chaos(
        ProofCluster cluster,
        LoadPlan plan,
        Map<String, String> settings,
        String... systemProperties) {
      this.cluster = cluster;
      this.settings = new HashMap<>(settings);
      this.systemProperties = systemProperties;
      long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
      FleetLoad load =
          new FleetLoad(plan, "run-", now, cluster.samples(), cluster.samplesSchemaId());
      publishing = Publishing.inRealTime(load, cluster.producer());
    }

    private AggregatorProcess start(String... more) {
      return cluster.aggregator(APPLICATION, settings, with(more));
    }

    private String[] with(String... more) {
      return Stream.concat(Stream.of(systemProperties), Stream.of(more)).toArray(String[]::new);
    }

    private AggregatorProcess running(String... more) {
      AggregatorProcess started = start(more);
      awaitRunning(started);
      return started;
    }

    private void awaitRunning(AggregatorProcess started) {
      await().atMost(RUNNING_WITHIN).until(() -> started.timesRunning() > 0 || !started.isAlive());
      // With much to catch up with, the point where it halts is reached before it can say so.
      boolean saidSo = started.timesRunning() > 0;
      assertThat(saidSo || started.hasHalted()).as("%s came up", started.name()).isTrue();
      if (diedNanos != 0 && saidSo) {
        Duration since = Duration.ofNanos(System.nanoTime() - diedNanos);
        System.out.printf("RUNNING %.1f s after %s%n", since.toMillis() / 1e3, fault);
        restarts.add(since);
        diedNanos = 0;
      }
    }

    /** The next to run follows the one that has just died. */
    private void died(String how) {
      diedNanos = System.nanoTime();
      fault = how;
    }

    void assertRunningAgainInTime() {
      restarts.sort(Comparator.naturalOrder());
      Duration median = restarts.get(restarts.size() / 2);
      Duration slowest = restarts.get(restarts.size() - 1);
      System.out.printf(
          "%d instances RUNNING after a kill: median %.1f s, at most %.1f s%n",
          restarts.size(), median.toMillis() / 1e3, slowest.toMillis() / 1e3);
      assertThat(median).isLessThanOrEqualTo(RUNNING_AGAIN_WITHIN);
    }

    void haltAt(String point) {
      try (AggregatorProcess halting = start("tailrace.fault=" + point)) {
        awaitRunning(halting);
        halting.awaitEnd(90);
        assertThat(halting.hasHalted()).as("%s is reached", point).isTrue();
        died("a halt " + point);
        awaitOutstanding(point);
      }
    }

    void killAtRandom(int times) {
      for (int i = 0; i < times; i++) {
        try (AggregatorProcess victim = running()) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(2_000)));
          awaitOutstanding("kill");
          victim.kill();
          died("a kill");
        }
      }
    }

    void killTheBrokerWithATransactionOpen() {
      haltAt("after-save:6");
      cluster.broker().kill();
      assertThat(publishing.isUnderWay()).isTrue();
      cluster.broker().startAgain();
      died("the broker's next start");
    }

    void promoteAStandby() {
      try (AggregatorProcess active = running();
          AggregatorProcess standby = running()) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
        awaitOutstanding("standby promotion");
        active.kill();
        long killed = System.nanoTime();
        awaitProgress(standby);
        System.out.printf(
            "the standby went on %.1f s after the kill%n", (System.nanoTime() - killed) / 1e9);
        standby.stop();
      }
    }

    void rebalance() {
      try (AggregatorProcess first = running();
          AggregatorProcess second = running()) {
        awaitOutstanding("rebalance");
        first.stop();
        awaitProgress(second);
        second.stop();
      }
    }

    void corrupt(int times) {
      Map<String, String> impatient = new HashMap<>(settings);
      // A thread that the fence has stopped is waited for until its session is over.
      impatient.put("kafka.main.consumer.session.timeout.ms", "2000");
      impatient.put("kafka.main.consumer.heartbeat.interval.ms", "500");
      try (AggregatorProcess corrupted =
          cluster.aggregator(APPLICATION, impatient, with("tailrace.fault=corrupt:200"))) {
        awaitRunning(corrupted);
        await()
            .atMost(Duration.ofMinutes(3))
            .pollInterval(Duration.ofMillis(200))
            .until(() -> corrupted.faults() >= times || !corrupted.isAlive());
        assertThat(corrupted.faults()).isGreaterThanOrEqualTo(times);
        awaitOutstanding("corruption");
        corrupted.kill();
      }
    }

    Ledger finish() {
      survivor = running();
      Ledger ledger = publishing.finish();
      awaitSummaries(cluster, ledger);
      return ledger;
    }

    /** For those who may never come to an end. */
    Ledger finishOrGiveUp() {
      survivor = running();
      Ledger ledger = publishing.finish();
      try {
        awaitSummaries(cluster, ledger);
      } catch (ConditionTimeoutException e) {
        // What there is will be compared.
      }
      return ledger;
    }

    private void awaitProgress(AggregatorProcess instance) {
      long before = cluster.committed(APPLICATION);
      await()
          .atMost(RUNNING_WITHIN)
          .until(() -> !instance.isAlive() || cluster.committed(APPLICATION) > before + 50);
    }

    /**
     * A fault with nothing left to lose would prove nothing; an aggregator that keeps up has none
     * for moments.
     */
    private void awaitOutstanding(String fault) {
      assertThat(publishing.isUnderWay()).as("the load goes on at %s", fault).isTrue();
      await("work left at " + fault)
          .atMost(OUTSTANDING_WITHIN)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> cluster.outstanding(APPLICATION) > 0);
    }

    @Override
    public void close() {
      AggregatorProcess last = survivor;
      if (last != null) {
        last.close();
      }
      publishing.close();
    }
  }
}
