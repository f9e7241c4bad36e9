package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Targets that stall for a fifth of the time, 1 s in 5 s or, with {@code -Dtailrace.proof=long}, 2
 * s in 10 s; one for each load, so that all can be sent at once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class StallIT {

  private static final long RATE = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final boolean thorough = "long".equals(System.getProperty("tailrace.proof"));
  private final int everySeconds = thorough ? 10 : 5;
  private final int stallSeconds = thorough ? 2 : 1;
  private final int seconds = thorough ? 60 : 10;

  private final List<TargetServer> targets = new ArrayList<>();
  private final List<LoadRun> runs = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private List<Progress> ended = List.of();

  @BeforeAll
  void sendAllLoadsAtOnce() {
    warmUp();
    prepare("{rate: %d, duration: %ds}".formatted(RATE, seconds), 256, ledger);
    prepare("{users: 10, think_time: 10ms, duration: %ds}".formatted(seconds), 256);
    prepare("{rate: %d, duration: %ds}".formatted(RATE, seconds), 5);
    runs.forEach(LoadRun::begin);
    assertThat(runs).allMatch(run -> run.await(PATIENCE));
    ended = runs.stream().map(LoadRun::progress).toList();
  }

  @AfterAll
  void stop() {
    runs.forEach(LoadRun::close);
    targets.forEach(TargetServer::close);
  }

  /**
   * What arrives during a stall waits for its end. So a fifth of all waits, evenly up to the
   * stall's length, and one in a hundred of all waits for longer than 19 in 20 parts of it.
   */
  @Test
  void anOpenLoadReportsAStallAsThoseWhoArriveDuringItSeeIt() {
    Progress open = ended.get(0);
    double expected = stallSeconds * 1e6 * 0.95;
    assertThat((double) open.response().p99()).isBetween(expected * 0.98, expected * 1.02);
    assertThat(open.finished()).isEqualTo(RATE * seconds).isEqualTo(ledger.requests());
  }

  /** Ten users send ten requests during a stall and are silent for the rest of it. */
  @Test
  void usersWhoWaitForTheirAnswersHardlySeeIt() {
    Progress users = ended.get(1);
    assertThat(users.response().max()).isGreaterThan(stallSeconds * 900_000L);
    // A few ms on an idle machine; a busy one delays answers, but not by what the stall would.
    assertThat(users.response().p99()).isLessThan(stallSeconds * 300_000L);
  }

  /** Only five requests of a stall can be sent; all the others are late, and their wait counts. */
  @Test
  void aLoadWithFewConnectionsSeesItInResponseTimesAndNotInServiceTimes() {
    Progress narrow = ended.get(2);
    assertThat(narrow.finished()).isEqualTo(RATE * seconds);
    assertThat(narrow.response().p99()).isGreaterThan(stallSeconds * 931_000L);
    assertThat(narrow.service().p99()).isLessThan(stallSeconds * 500_000L);
  }

  private static void warmUp() {
    try (TargetServer prompt = TargetServer.start(Behaviour.PROMPT);
        LoadRun run =
            LoadRun.prepare(
                Plans.rate(prompt.url() + "/", RATE, "2s"), RunOptions.alone(), SampleSink.NONE)) {
      run.begin();
      assertThat(run.await(PATIENCE)).isTrue();
    }
  }

  private void prepare(String load, int connections) {
    prepare(load, connections, SampleSink.NONE);
  }

  private void prepare(String load, int connections, SampleSink sink) {
    TargetServer stalling =
        TargetServer.start(
            Behaviour.PROMPT.with(
                Map.of("stall-every", everySeconds + "s", "stall-for", stallSeconds + "s")
                    .entrySet()));
    targets.add(stalling);
    runs.add(
        LoadRun.prepare(
            Plans.of(
                """
                target: %s
                load: %s
                http: {connections: %d}
                """
                    .formatted(stalling.url(), load, connections)),
            RunOptions.alone(),
            sink));
  }
}
