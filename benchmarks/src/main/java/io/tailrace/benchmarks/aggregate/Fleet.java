package io.tailrace.benchmarks.aggregate;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.Severity;
import io.tailrace.wire.SampleBatchWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** What the nodes of one run publish, batch by batch, and the ledger of it. */
final class Fleet {
  private static final int LATENCIES = 1 << 16;
  private static final long SECOND = 1_000_000L;

  private final String run;
  private final RunMode mode;
  private final int nodes;
  private final String[] names;
  private final long startMicros;
  private final SampleBatchWriter writer;
  private final SplittableRandom random = new SplittableRandom(1);
  private final int[] latencies = new int[LATENCIES];
  private final int[] outcomes;
  private final int[] seriesInBatch;
  private final long[] sequences;
  private final long[] published;
  private final Totals totals;
  private final int objectives;

  /** Requests and response times by second and series. */
  static final class Totals {
    private final long[][] requests;
    private final long[][] responses;

    Totals(int seconds, int series) {
      requests = new long[seconds][series];
      responses = new long[seconds][series];
    }

    void add(int second, int series, long response) {
      requests[second][series]++;
      responses[second][series] += response;
    }

    int seconds() {
      return requests.length;
    }

    long requests(int second, int series) {
      return requests[second][series];
    }

    long responses(int second, int series) {
      return responses[second][series];
    }

    long samples() {
      long samples = 0;
      for (long[] second : requests) {
        for (long count : second) {
          samples += count;
        }
      }
      return samples;
    }
  }

  Fleet(
      String run,
      RunMode mode,
      int nodes,
      int series,
      long startMicros,
      int seconds,
      int schemaId) {
    this(run, mode, nodes, series, startMicros, seconds, schemaId, 0);
  }

  /** With so many objectives, spread over the series. */
  Fleet(
      String run,
      RunMode mode,
      int nodes,
      int series,
      long startMicros,
      int seconds,
      int schemaId,
      int objectives) {
    this.objectives = objectives;
    this.run = run;
    this.mode = mode;
    this.nodes = nodes;
    this.startMicros = startMicros;
    this.writer = new SampleBatchWriter(schemaId);
    names = new String[series];
    for (int i = 0; i < series; i++) {
      names[i] = "GET /items/" + i;
    }
    outcomes = new int[series];
    seriesInBatch = new int[series];
    sequences = new long[nodes];
    published = new long[nodes];
    totals = new Totals(seconds, series);
    Random gaussian = new Random(2);
    for (int i = 0; i < LATENCIES; i++) {
      latencies[i] = (int) Math.min(60_000_000, 1 + Math.exp(9.2 + 0.6 * gaussian.nextGaussian()));
    }
  }

  String run() {
    return run;
  }

  Totals totals() {
    return totals;
  }

  String[] seriesNames() {
    return names;
  }

  long startMicros() {
    return startMicros;
  }

  /** A node's next batch: this many samples spread over a span of event time. */
  byte[] batch(
      int node, long fromMicros, long toMicros, int samples, long watermarkMicros, boolean last) {
    writer.begin(run, "node-" + node, startMicros);
    if (sequences[node] == 0) {
      writer.joined(description());
    }
    Arrays.fill(outcomes, -1);
    for (int i = 0; i < samples; i++) {
      sample(fromMicros + (toMicros - fromMicros) * i / samples);
    }
    if (last) {
      writer.left(LeaveReason.DONE, "");
    }
    byte[] value = writer.finish(sequences[node]++, published[node], 0, toMicros, watermarkMicros);
    published[node] += samples;
    return value;
  }

  private void sample(long end) {
    long bits = random.nextLong();
    int series = (int) (((bits >>> 32) * names.length) >>> 32);
    long latency = latencies[(int) bits & (LATENCIES - 1)];
    long delay = ((bits >>> 16) & 7) == 0 ? ((bits >>> 20) & 0xFFF) : 0;
    int outcome = outcomes[series];
    if (outcome < 0) {
      seriesInBatch[series] = writer.series(names[series], "GET", "", Map.of());
      outcome = writer.outcome(seriesInBatch[series], 200, null);
      outcomes[series] = outcome;
    }
    if (((bits >>> 19) & 0x7F) == 0) {
      outcome = writer.outcome(seriesInBatch[series], 500, "HTTP 500");
    }
    writer.sample(outcome, end, latency, delay, latency >> 1, 0, 180, 900 + (bits & 0x3FF));
    totals.add((int) ((end - startMicros) / SECOND), series, latency + delay);
  }

  private RunDescription description() {
    return RunDescription.newBuilder()
        .setTestName("benchmark")
        .setEnvironment("")
        .setVersion("")
        .setTags(Map.of())
        .setMode(mode)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(nodes)
        .setPlan(null)
        .setObjectives(objectives())
        .setReportUrl(null)
        .build();
  }

  /** In turns of what usually holds and of what now and then does not. */
  private List<Objective> objectives() {
    List<Objective> made = new ArrayList<>();
    for (int i = 0; i < objectives; i++) {
      made.add(
          Objective.newBuilder()
              .setName("objective " + i)
              .setExpression(i % 2 == 0 ? "p95 < 40ms" : "error_rate < 2%")
              .setSeries(names[i % names.length])
              .setOverMicros(SECOND)
              .setForMicros(0)
              .setRecoverMicros(0)
              .setIgnoreMicros(0)
              .setMinRequests(1)
              .setSeverity(Severity.WARNING)
              .setAction(ObjectiveAction.NONE)
              .build());
    }
    return made;
  }
}
