package io.tailrace.aggregator.proof;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.wire.SampleBatchWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes up what a fleet publishes, in the order in which it would, and keeps a ledger of it. */
final class FleetLoad {
  private static final int DUPLICATES_COME_AFTER = 7;

  private final LoadPlan plan;
  private final String topic;
  private final String prefix;
  private final long startMicros;
  private final SampleBatchWriter writer;
  private final Random random;
  private final Ledger ledger = new Ledger();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Due due) -> due.atMicros)
              .thenComparingInt(due -> due.node.run)
              .thenComparingInt(due -> due.node.number));
  private final Deque<ProducerRecord<String, byte[]>> again = new ArrayDeque<>();
  private boolean finishing;

  private record Due(long atMicros, Node node) {}

  private static final class Node {
    final int run;
    final int number;
    final boolean slow;
    final boolean joinsLate;
    int next;
    int first;
    long sequence;
    long published;

    Node(int run, int number, boolean slow, boolean joinsLate) {
      this.run = run;
      this.number = number;
      this.slow = slow;
      this.joinsLate = joinsLate;
    }
  }

  /** With the event time at which the runs start, and what names their ids begin with. */
  FleetLoad(LoadPlan plan, String prefix, long startMicros, String topic, int schemaId) {
    this.plan = plan;
    this.topic = topic;
    this.prefix = prefix;
    this.startMicros = startMicros;
    this.writer = new SampleBatchWriter(schemaId);
    this.random = new Random(plan.seed());
    for (int run = 0; run < plan.runs(); run++) {
      for (int number = 0; number < plan.nodes(); number++) {
        boolean last = plan.nodes() > 1 && number == plan.nodes() - 1;
        Node node = new Node(run, number, number < plan.slowNodes(), last);
        if (node.joinsLate) {
          node.first =
              (int)
                  (LoadPlan.JOINS_LATE.minus(LoadPlan.HISTORY).toMillis()
                      / LoadPlan.BATCH.toMillis());
          node.next = node.first;
        }
        queue.add(new Due(dueMicros(node), node));
      }
    }
  }

  Ledger ledger() {
    return ledger;
  }

  /** Makes every node's next batch its last one. */
  void finish() {
    finishing = true;
  }

  boolean isDone() {
    return queue.isEmpty() && again.isEmpty();
  }

  List<String> runs() {
    List<String> runs = new ArrayList<>();
    for (int run = 0; run < plan.runs(); run++) {
      runs.add(prefix + run);
    }
    return runs;
  }

  /** When the next batch is due, in event time. */
  long nextMicros() {
    Due due = queue.peek();
    return due == null ? Long.MIN_VALUE : due.atMicros;
  }

  /** Publishes the next batch, and now and then one for the second time. */
  void publishNext(Consumer<ProducerRecord<String, byte[]>> publish) {
    Due due = queue.peek();
    // What comes after a run's last batch belongs to another run of that name.
    boolean last = due == null || isLast(due.node);
    if (!again.isEmpty() && (last || again.size() > DUPLICATES_COME_AFTER)) {
      ProducerRecord<String, byte[]> repeated = again.remove();
      ledger.addDuplicate(repeated.key());
      publish.accept(repeated);
      return;
    }
    due = queue.remove();
    Node node = due.node;
    ProducerRecord<String, byte[]> batch =
        new ProducerRecord<>(topic, prefix + node.run, batch(node, due.atMicros, last));
    publish.accept(batch);
    if (!last) {
      queue.add(new Due(dueMicros(node), node));
      if (random.nextInt(100) < plan.duplicatePercent()) {
        again.add(batch);
      }
    }
  }

  private boolean isLast(Node node) {
    return finishing || node.next >= plan.batchesPerNode() - 1;
  }

  private long dueMicros(Node node) {
    long phase = plan.micros(LoadPlan.BATCH) * node.number / plan.nodes();
    long due = startMicros + (node.next + 1) * plan.micros(LoadPlan.BATCH) + phase;
    if (node.slow) {
      due += plan.micros(LoadPlan.SLOWNESS);
    }
    return node.joinsLate ? Math.max(due, startMicros + plan.micros(LoadPlan.JOINS_LATE)) : due;
  }

  private byte[] batch(Node node, long atMicros, boolean last) {
    String run = prefix + node.run;
    String name = "node-" + node.number;
    long ahead = plan.isAhead(node.number) ? plan.micros(plan.clockAhead()) : 0;
    long from = startMicros + node.next * plan.micros(LoadPlan.BATCH);
    long to = from + plan.micros(LoadPlan.BATCH);
    writer.begin(run, name, startMicros + ahead);
    if (node.next == node.first) {
      writer.joined(description(run));
    }
    if (node.next % 10 == 0) {
      writer.health(10, 20.5, 300.25);
    }
    for (int i = 0; i < plan.samplesPerBatch(); i++) {
      addSample(run, name, from, ahead);
    }
    if (last) {
      writer.left(LeaveReason.DONE, "");
    }
    byte[] value = writer.finish(node.sequence++, node.published, 0, atMicros + ahead, to + ahead);
    node.published += plan.samplesPerBatch();
    node.next++;
    return value;
  }

  private void addSample(String run, String node, long from, long ahead) {
    int series = random.nextInt(plan.series());
    long end = from + random.nextInt((int) plan.micros(LoadPlan.BATCH));
    if (!plan.lateBy().isZero() && random.nextInt(1000) == 0) {
      end = Math.max(startMicros, end - plan.micros(plan.lateBy()));
    }
    Sample sample = Sample.random(random, series, end + ahead);
    String name = "GET /items/" + series;
    int index = writer.series(name, "GET", "shop", Map.of());
    writer.sample(
        writer.outcome(index, sample.outcome().status(), sample.outcome().error()),
        sample.endMicros(),
        sample.latencyMicros(),
        sample.delayMicros(),
        sample.firstByteMicros(),
        sample.connectMicros(),
        sample.bytesSent(),
        sample.bytesReceived());
    if (ahead == 0) {
      ledger.add(run, name, sample);
    } else {
      ledger.addByAWrongClock(run, node, name, sample);
    }
  }

  private RunDescription description(String run) {
    return RunDescription.newBuilder()
        .setTestName("proof")
        .setEnvironment("test")
        .setVersion("1")
        .setTags(Map.of("run", run))
        .setMode(plan.mode())
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(Math.max(1, plan.nodes() - 1))
        .setPlan(null)
        .setObjectives(List.of())
        .setReportUrl(null)
        .build();
  }
}
