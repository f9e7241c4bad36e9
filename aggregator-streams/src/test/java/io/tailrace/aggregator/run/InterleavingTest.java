package io.tailrace.aggregator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Aggregate;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.wire.SampleBatchWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes are independent: whatever order their batches reach the log in, the aggregates are one. */
class InterleavingTest {
  private static final long SECOND = 1_000_000;
  private static final int NODES = 5;
  private static final int BATCHES = 120;

  private final Map<String, Long> published = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyOrderThatKeepsEachNodesOwnGivesTheSameAggregates(long seed) {
    List<List<byte[]>> nodes = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      nodes.add(node(new Random(seed * NODES + node), "node-" + node));
    }
    Replayed first = replay(nodes, new Random(seed));
    for (int other = 1; other <= 5; other++) {
      Replayed again = replay(nodes, new Random(seed + 1_000L * other));
      assertThat(sorted(again)).isEqualTo(sorted(first));
      assertThat(again.summaries).hasSize(1);
      assertThat(again.summaries.get(0).getResponseTime())
          .isEqualTo(first.summaries.get(0).getResponseTime());
    }
    assertThat(requests(first)).isEqualTo(published);
  }

  /** Lets a node go far ahead of the others now and then. */
  private static Replayed replay(List<List<byte[]>> nodes, Random random) {
    List<Deque<byte[]>> waiting = new ArrayList<>();
    nodes.forEach(batches -> waiting.add(new ArrayDeque<>(batches)));
    List<LogOfRuns.Entry> log = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Deque<byte[]> next = waiting.get(random.nextInt(waiting.size()));
      for (int burst = 1 + random.nextInt(30); burst > 0 && !next.isEmpty(); burst--) {
        log.add(new LogOfRuns.Entry(next.remove(), LogOfRuns.T0));
      }
      waiting.removeIf(Deque::isEmpty);
    }
    return new Replayed(RunRules.defaults())
        .take(log, i -> random.nextInt(50) == 0, i -> random.nextInt(200) == 0);
  }

  private static Set<String> sorted(Replayed replayed) {
    Set<String> all = new TreeSet<>();
    replayed.windows.forEach(value -> all.add(Arrays.toString(value)));
    assertThat(all).hasSameSizeAs(replayed.windows);
    return all;
  }

  /** Requests by series and second, against what was published. */
  private static Map<String, Long> requests(Replayed replayed) {
    Map<String, Long> requests = new TreeMap<>();
    for (Aggregate one : replayed.aggregates()) {
      if (!one.getTotal()
          && one.getWindowMicros() == SECOND
          && !one.getSeries().getName().equals("*")) {
        requests.put(
            one.getSeries().getName() + "@" + one.getWindowStartMicros(), one.getRequests());
      }
    }
    return requests;
  }

  private List<byte[]> node(Random random, String name) {
    SampleBatchWriter writer = new SampleBatchWriter(Replayed.BATCH_SCHEMA);
    List<byte[]> batches = new ArrayList<>();
    long before = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      long from = LogOfRuns.T0 + batch * SECOND / 10;
      writer.begin("run", name, LogOfRuns.T0);
      if (batch == 0) {
        writer.joined(description());
      }
      int samples = random.nextInt(60);
      for (int i = 0; i < samples; i++) {
        String series = "step-" + random.nextInt(3);
        long end = from + random.nextInt((int) SECOND / 10);
        boolean failed = random.nextInt(20) == 0;
        int outcome =
            writer.outcome(
                writer.series(series, "GET", "", Map.of()),
                failed ? 503 : 200,
                failed ? "HTTP 503" : null);
        long delay = random.nextInt(4) == 0 ? random.nextInt(5_000) : 0;
        writer.sample(outcome, end, 1 + random.nextInt(50_000), delay, 5, 0, 10, 100);
        published.merge(series + "@" + Math.floorDiv(end, SECOND) * SECOND, 1L, Long::sum);
      }
      if (batch == BATCHES - 1) {
        writer.left(LeaveReason.DONE, "");
      }
      long until = from + SECOND / 10;
      batches.add(writer.finish(batch, before, 0, until, until));
      before += samples;
    }
    return batches;
  }

  private static RunDescription description() {
    return RunDescription.newBuilder()
        .setTestName("checkout")
        .setEnvironment("")
        .setVersion("")
        .setTags(Map.of())
        .setMode(RunMode.REPLAY)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(NODES)
        .setPlan(null)
        .setObjectives(List.of())
        .setReportUrl(null)
        .build();
  }
}
