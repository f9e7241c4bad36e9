package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objectives judged by a running aggregator: in time, and the same when it is killed. */
@Timeout(300)
class ObjectivesIT {
  private static final long SECOND = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void opensWithinTwoSecondsOfTheWindowThatDecidesAndStopsTheFleet() throws Exception {
    TestRun run = TestRun.create(kafka, "objectives-live");
    long start = TestNode.nowMicros();
    try (Aggregator aggregator = Aggregator.start(run.config());
        TestNode node =
            TestNode.of(
                run, RunMode.LIVE, start, "p95 < 500ms over 1s min 1 severity critical abort")) {
      boolean stopped = false;
      for (int flush = 0; flush < 300 && !stopped; flush++) {
        node.sample(TestNode.nowMicros() - 1_000, flush < 20 ? 10_000 : 900_000);
        node.flush(TestNode.nowMicros() - 500);
        stopped = flush % 5 == 4 && !run.read(run.topics().commands(), RunCommand.class).isEmpty();
        Thread.sleep(100);
      }
      assertThat(aggregator.counters().deadLetters().sum()).isZero();
      node.leave(LeaveReason.ABORTED);
      node.flush(TestNode.nowMicros());

      RunSummary summary = run.awaitSummary(PATIENCE);
      assertThat(summary.getVerdict()).isEqualTo(Verdict.FAILED);
      assertThat(summary.getStopped()).isNotNull();
      ConsumerRecord<byte[], byte[]> record = run.records(run.topics().violations()).get(0);
      Violation opened = run.read(run.topics().violations(), Violation.class).get(0);
      // The broker's append time: what a reader of the topic sees right after.
      assertThat(record.timestamp() * 1_000 - opened.getAtMicros()).isBetween(0L, 2 * SECOND);
      assertThat(opened.getSinceMicros()).isGreaterThanOrEqualTo(start);
      RunCommand command = run.read(run.topics().commands(), RunCommand.class).get(0);
      assertThat(command.getReason()).contains("900 ms");
    }
  }

  /** Killed while an episode is pending, while it fires, and while it recovers. */
  @Test
  void saysTheSameWhenKilledInEveryState(@TempDir Path folder) throws Exception {
    TestRun run = TestRun.create(kafka, "objectives-killed");
    long start = TestRun.T0;
    Instance instance = new Instance(run, folder);
    try (TestNode node =
        TestNode.of(run, RunMode.REPLAY, start, "p95 < 500ms over 1s for 3s recover 3s min 1")) {
      String windows = "hhbbbbhhhh";
      for (int second = 0; second < windows.length(); second++) {
        boolean broken = windows.charAt(second) == 'b';
        node.sample(start + second * SECOND + 500_000, broken ? 900_000 : 10_000);
        node.flush(start + (second + 1) * SECOND);
        long closed = start + second * SECOND;
        instance.awaitWindow(node, closed);
        boolean pending = second == 2;
        boolean firing = second == 4;
        boolean recovering = second == 6;
        if (pending || firing || recovering) {
          instance.killAndRestart();
        }
      }
      node.leave(LeaveReason.DONE);
      node.flush(start + windows.length() * SECOND);
      RunSummary summary = run.awaitSummary(PATIENCE);

      List<Violation> violations = run.read(run.topics().violations(), Violation.class);
      assertThat(violations)
          .extracting(
              v ->
                  "%s %d.%d since %d at %d"
                      .formatted(
                          v.getState(),
                          v.getEpisode(),
                          v.getSequence(),
                          (v.getSinceMicros() - start) / SECOND,
                          (v.getAtMicros() - start) / SECOND))
          .containsExactly("OPENED 1.0 since 2 at 5", "RESOLVED 1.1 since 2 at 9");
      assertThat(violations.get(0).getId()).isEqualTo(violations.get(1).getId());
      ObjectiveResult result = summary.getObjectives().get(0);
      assertThat(summary.getVerdict()).isEqualTo(Verdict.FAILED);
      assertThat(result.getBrokenMicros()).isEqualTo(4 * SECOND);
      assertThat(instance.kills).isEqualTo(3);
    } finally {
      instance.kill();
    }
  }

  /** An aggregator in a process of its own. */
  private static final class Instance {
    private final TestRun run;
    private final Path properties;
    private final Path log;
    private Process process;
    int kills;

    Instance(TestRun run, Path folder) throws IOException {
      this.run = run;
      properties = folder.resolve("aggregator.properties");
      log = folder.resolve("aggregator.log");
      Properties settings = run.properties(run.topics().samples() + "-aggregator");
      try (Writer writer = Files.newBufferedWriter(properties)) {
        settings.store(writer, null);
      }
      process = launch();
    }

    private Process launch() throws IOException {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      return new ProcessBuilder(
              java.toString(),
              "-Xmx512m",
              "-Dorg.apache.kafka.automatic.config.providers=none",
              "-cp",
              System.getProperty("java.class.path"),
              FaultyAggregator.class.getName(),
              properties.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    void killAndRestart() throws IOException, InterruptedException {
      kill();
      kills++;
      process = launch();
    }

    /** Waits until a window, and with it the state it left behind, is committed. */
    void awaitWindow(TestNode node, long startMicros) throws Exception {
      Predicate<Aggregate> isIt =
          one -> one.getWindowStartMicros() == startMicros && one.getWindowMicros() == SECOND;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (run.read(run.topics().windows(), Aggregate.class).stream().noneMatch(isIt)) {
        assertThat(System.nanoTime()).as(() -> "no window: " + tail()).isLessThan(deadline);
        // Says that the node is still there, so that nobody takes a restart for its silence.
        node.repeat();
        Thread.sleep(200);
      }
    }

    private String tail() {
      try {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
      } catch (IOException e) {
        return e.toString();
      }
    }
  }
}
