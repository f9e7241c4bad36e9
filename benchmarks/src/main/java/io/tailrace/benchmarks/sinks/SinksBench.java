package io.tailrace.benchmarks.sinks;

import io.tailrace.embedded.KafkaProcess;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Aggregates a second that a sink delivers and a real server acknowledges, beside a bare loop that
 * sends the same bodies prepared, over the same client; and the heap while many wait.
 */
public final class SinksBench {
  private static final String USAGE =
      "bench sinks: expected --case influxdb|opensearch, --aggregates N, --rounds N, --waiting N";
  private static final int PARTITIONS = 4;
  private static final int BARE_THREADS = 2;

  private final Path folder;
  private final PrintStream out;
  private final int count;
  private final int rounds;
  private final int waiting;
  private int groups;

  private SinksBench(Path folder, PrintStream out, int count, int rounds, int waiting) {
    this.folder = folder;
    this.out = out;
    this.count = count;
    this.rounds = rounds;
    this.waiting = waiting;
  }

  public static int run(List<String> arguments, PrintStream out) throws Exception {
    List<SinkCase> cases = new ArrayList<>();
    int count = 60_000;
    int rounds = 3;
    int waiting = 0;
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      String value = arguments.get(i + 1);
      switch (arguments.get(i)) {
        case "--case" -> cases.add(SinkCase.valueOf(value.toUpperCase(Locale.ROOT)));
        case "--aggregates" -> count = Integer.parseInt(value);
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--waiting" -> waiting = Integer.parseInt(value);
        default -> throw new IllegalArgumentException(arguments.get(i) + "; " + USAGE);
      }
    }
    Path folder = Files.createTempDirectory("tailrace-bench-sinks-");
    try {
      SinksBench bench = new SinksBench(folder, out, count, rounds, waiting);
      for (SinkCase each : cases.isEmpty() ? List.of(SinkCase.INFLUXDB) : cases) {
        bench.measure(each);
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void measure(SinkCase sinkCase) throws Exception {
    Path at = Files.createDirectories(folder.resolve(sinkCase.name()));
    try (KafkaProcess kafka = KafkaProcess.start(at.resolve("kafka"));
        SchemaRegistryServer registry = SchemaRegistryServer.start(kafka.bootstrapServers(), 0)) {
      Cluster cluster = new Cluster(kafka.bootstrapServers(), registry.url());
      String few = topics(cluster, "few.");
      MadeUpAggregates.publish(cluster.kafka(), registry.url(), few, count);
      Path bodies = record(sinkCase, at, cluster, few);
      List<Double> bare = new ArrayList<>();
      List<Double> delivered = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        bare.add(bareLoop(sinkCase, at.resolve("bare" + round), cluster, few, bodies).rate());
        delivered.add(sink(sinkCase, at.resolve("sink" + round), cluster, few).rate());
      }
      out.printf(
          Locale.ROOT,
          "%s: bare loop %s, sink %s aggregates/s; medians %.0f and %.0f, ratio %.2f%n",
          sinkCase,
          shown(bare),
          shown(delivered),
          median(bare),
          median(delivered),
          median(delivered) / median(bare));
      if (waiting > 0) {
        String many = topics(cluster, "many.");
        MadeUpAggregates.publish(cluster.kafka(), registry.url(), many, waiting);
        Progress behind = outage(sinkCase, at.resolve("outage"), cluster, many);
        out.printf(
            Locale.ROOT,
            "%s: %d waiting behind a target that is down: heap at most %d MiB; caught up at %.0f"
                + " aggregates/s, %.2f of the bare loop%n",
            sinkCase,
            waiting,
            behind.mostHeapMib(),
            behind.rate(),
            behind.rate() / median(bare));
      }
    }
  }

  private record Cluster(String kafka, String registry) {}

  private static String topics(Cluster cluster, String prefix) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.kafka()))) {
      new TopicCatalogue(Topics.withPrefix(prefix), PARTITIONS).create(admin, (short) 1);
    }
    return prefix;
  }

  /** Lets the sink itself prepare the bodies for the bare loop. */
  private Path record(SinkCase sinkCase, Path at, Cluster cluster, String prefix)
      throws IOException {
    Path file = at.resolve("bodies");
    try (Recorder recorder = new Recorder(sinkCase, file)) {
      Progress unused =
          run(sinkArguments(sinkCase, at, cluster, prefix, recorder.url(), count), at);
    }
    return file;
  }

  /** The database is made by the sink, in its first batch. */
  private Progress bareLoop(SinkCase sinkCase, Path at, Cluster cluster, String prefix, Path bodies)
      throws IOException {
    SinkCase.Target target = sinkCase.start(Files.createDirectories(at));
    try {
      Progress unused = run(sinkArguments(sinkCase, at, cluster, prefix, target.url(), 1), at);
      return run(
          List.of("bare", bodies.toString(), target.url(), Integer.toString(BARE_THREADS)), at);
    } finally {
      target.close().run();
    }
  }

  private Progress sink(SinkCase sinkCase, Path at, Cluster cluster, String prefix)
      throws IOException {
    SinkCase.Target target = sinkCase.start(Files.createDirectories(at));
    try {
      return run(sinkArguments(sinkCase, at, cluster, prefix, target.url(), count), at);
    } finally {
      target.close().run();
    }
  }

  /**
   * Down from the start; comes when the sink has waited for a while, and is watched for a while.
   */
  private Progress outage(SinkCase sinkCase, Path at, Cluster cluster, String prefix)
      throws Exception {
    SinkCase.Target target = sinkCase.start(Files.createDirectories(at));
    try {
      target.kill().run();
      Process worker =
          start(
              sinkArguments(
                  sinkCase, at, cluster, prefix, target.url(), Math.min(waiting, 3 * count)),
              at);
      Thread.sleep(20_000);
      target.startAgain().run();
      return read(worker, at);
    } finally {
      target.close().run();
    }
  }

  private List<String> sinkArguments(
      SinkCase sinkCase, Path at, Cluster cluster, String prefix, String url, int until)
      throws IOException {
    groups++;
    Path block = Files.writeString(at.resolve("block" + groups + ".yaml"), sinkCase.block(url));
    return List.of(
        "sink",
        sinkCase.sink(),
        block.toString(),
        cluster.kafka(),
        cluster.registry(),
        prefix,
        "bench-" + groups,
        Integer.toString(until));
  }

  private static Progress run(List<String> arguments, Path at) throws IOException {
    return read(start(arguments, at), at);
  }

  private static Process start(List<String> arguments, Path at) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add(SinkWorker.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(at.resolve("worker.log").toFile()))
        .start();
  }

  private static Progress read(Process worker, Path at) throws IOException {
    Progress progress = new Progress();
    try (BufferedReader lines = worker.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(progress::add);
    }
    if (progress.isEmpty()) {
      throw new IOException("a worker failed:\n" + Files.readString(at.resolve("worker.log")));
    }
    return progress;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String shown(List<Double> values) {
    return Arrays.toString(values.stream().mapToLong(Math::round).toArray());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
