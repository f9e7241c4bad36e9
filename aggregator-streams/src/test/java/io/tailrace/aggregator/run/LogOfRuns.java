package io.tailrace.aggregator.run;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.wire.SampleBatchWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A log with everything in it that happens to runs: slow nodes, silence, repeats, gaps, returns.
 */
final class LogOfRuns {
  static final long T0 = 1_780_000_020_000_000L;

  private static final long SECOND = 1_000_000;

  /** A record of the log: a batch, or a tick without a value. */
  static final class Entry {
    private final byte[] value;
    private final long appendMicros;

    Entry(byte[] value, long appendMicros) {
      this.value = value;
      this.appendMicros = appendMicros;
    }

    byte[] value() {
      return value;
    }

    long appendMicros() {
      return appendMicros;
    }

    boolean isTick() {
      return value.length == 0;
    }
  }

  private final Random random;
  private final int schema;
  private final List<Entry> entries = new ArrayList<>();
  private long published;

  private LogOfRuns(long seed, int schema) {
    random = new Random(seed);
    this.schema = schema;
  }

  /**
   * Several runs of several nodes over half a minute, in the order of the log; one of them is live,
   * and some of its nodes' clocks are an hour off.
   */
  static LogOfRuns random(long seed, int schema) {
    LogOfRuns log = new LogOfRuns(seed, schema);
    for (int run = 0; run < 3; run++) {
      int nodes = 1 + log.random.nextInt(4);
      for (int node = 0; node < nodes; node++) {
        log.addNode("run-" + run, "node-" + node, nodes);
      }
    }
    for (int tick = 0; tick < 120; tick++) {
      log.entries.add(new Entry(new byte[0], T0 + tick * SECOND));
    }
    Collections.sort(log.entries, (a, b) -> Long.compare(a.appendMicros, b.appendMicros));
    return log;
  }

  List<Entry> entries() {
    return entries;
  }

  /** Samples in batches that are not repeats. */
  long published() {
    return published;
  }

  private void addNode(String run, String name, int nodes) {
    SampleBatchWriter writer = new SampleBatchWriter(schema);
    long start = T0 + random.nextInt(4) * SECOND;
    int flushes = 20 + random.nextInt(250);
    long behind = random.nextInt(4) == 0 ? 5 * SECOND : 0;
    boolean leaves = random.nextInt(4) > 0;
    RunMode mode = run.equals("run-2") ? RunMode.LIVE : RunMode.REPLAY;
    long off = mode == RunMode.LIVE ? (random.nextInt(3) - 1) * 3_600L * SECOND : 0;
    long before = 0;
    long delay = 0;
    for (int flush = 0; flush < flushes; flush++) {
      long from = start + flush * SECOND / 10;
      writer.begin(run, name, start + off);
      if (flush == 0) {
        writer.joined(description(nodes, mode));
      }
      int samples = random.nextInt(40);
      for (int i = 0; i < samples; i++) {
        addSample(writer, from + off);
      }
      if (random.nextInt(5) == 0) {
        writer.health(random.nextInt(50), random.nextDouble() * 100, 512);
      }
      if (leaves && flush == flushes - 1) {
        writer.left(LeaveReason.DONE, "");
      }
      long until = from + SECOND / 10;
      if (random.nextInt(60) == 0) {
        delay += random.nextInt(13) * SECOND;
      }
      byte[] value = writer.finish(flush, before, 0, until + off, until + off);
      before += samples;
      boolean lost = random.nextInt(100) == 0;
      if (!lost) {
        entries.add(new Entry(value, until + behind + delay));
        published += samples;
        if (random.nextInt(20) == 0) {
          entries.add(new Entry(value, until + behind + delay + 1));
        }
      }
    }
  }

  private void addSample(SampleBatchWriter writer, long from) {
    boolean failed = random.nextInt(20) == 0;
    int series =
        writer.series(
            "step-" + random.nextInt(6), "GET", "", Map.of("zone", "z" + random.nextInt(2)));
    int outcome = writer.outcome(series, failed ? 503 : 200, failed ? "HTTP 503" : null);
    long late = random.nextInt(200) == 0 ? random.nextInt(90) * SECOND : 0;
    writer.sample(
        outcome,
        from + random.nextInt((int) SECOND / 10) - late,
        1 + random.nextInt(100_000),
        random.nextInt(3) == 0 ? random.nextInt(3_000) : 0,
        random.nextInt(1_000),
        0,
        10,
        100);
  }

  private static RunDescription description(int nodes, RunMode mode) {
    return RunDescription.newBuilder()
        .setTestName("checkout")
        .setEnvironment("")
        .setVersion("")
        .setTags(Map.of())
        .setMode(mode)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(nodes)
        .setPlan(null)
        .setObjectives(List.of())
        .setReportUrl(null)
        .build();
  }
}
