package io.tailrace.benchmarks.sinks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.benchmarks.Cores;
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
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates a second that a sink delivers and a real server acknowledges, beside a bare loop that
 * sends the same bodies prepared, over the same client; and the heap while many wait.
 */
public final class SinksBench {
  private static final String USAGE =
      """
      usage: bench sinks [--case NAME]... [--shape NAME] [--aggregates N] [--rounds N]
                   [--waiting N] [--loop yes] [--together yes] [--json FILE]
                   [--jvm OPTION]...
        --case        prometheus, influxdb, opensearch, or cloudwatch, of which is told how far
                      its requests are filled; all by default
        --shape       dense, all alike with 300 values in each histogram, or mixed, as a run of
                      5,000 requests a second leaves them (dense)
        --aggregates  how many are delivered in a round (5000000 to Prometheus, 400000 to the others)
        --rounds      how often the bare loop and the sink take turns (3)
        --waiting     how many wait behind a target that is down (3600000); 0 for none
        --loop        yes leaves Kafka and the servers out and says within seconds what an
                      aggregate takes of a core: reading it, and reading and encoding it
        --together    yes lets the sink and the bare loop share all cores with the target;
                      otherwise they have the first one and the target the others, as on machines
                      of their own
        --json        also write the figures to a file
        --jvm         another option for the Java of sinks and bare loops
      """;
  private static final int PARTITIONS = 4;
  // Of those that wait, the catching up is watched for so many.
  private static final int MOST_WATCHED = 600_000;
  private static final String CLOUD_WATCH = "cloudwatch";
  // Enough for many requests, and quick: how full they are does not depend on how many there are.
  private static final int CLOUD_WATCH_AGGREGATES = 40_000;

  /** What one sink did, in rounds. */
  private record Result(
      String name,
      List<Progress> bare,
      List<Progress> delivered,
      int waiting,
      @Nullable Progress behind) {
    double ratio() {
      return rate(delivered) / rate(bare);
    }
  }

  private final Path folder;
  private final PrintStream out;
  private final List<SinkCase> cases = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();
  private MadeUpAggregates.Shape shape = MadeUpAggregates.Shape.DENSE;
  private Cores cores = Cores.apart(System.getenv());
  private boolean loop;
  private boolean cloudWatch;
  // Nothing said: as many as the case needs to be warm.
  private int aggregates;
  private int rounds = 3;
  private int waiting = 3_600_000;
  private @Nullable Path json;
  private int groups;

  private SinksBench(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** Runs the cases that the arguments name; 2 when they cannot be understood. */
  public static int run(List<String> arguments, PrintStream out) throws Exception {
    if (arguments.contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    Path folder = Files.createTempDirectory("tailrace-bench-sinks-");
    try {
      SinksBench bench = new SinksBench(folder, out);
      try {
        bench.parse(arguments);
      } catch (IllegalArgumentException e) {
        out.println(e.getMessage());
        out.print(USAGE);
        return 2;
      }
      bench.runAll();
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void parse(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i += 2) {
      String option = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(option + ": a value is missing, or it is unknown");
      }
      String value = arguments.get(i + 1);
      switch (option) {
        case "--case" -> {
          if (value.equals(CLOUD_WATCH)) {
            cloudWatch = true;
          } else {
            cases.add(caseNamed(value));
          }
        }
        case "--aggregates" -> aggregates = Math.max(10_000, Integer.parseInt(value));
        case "--rounds" -> rounds = Math.max(1, Integer.parseInt(value));
        case "--waiting" -> waiting = Integer.parseInt(value);
        case "--shape" -> shape = MadeUpAggregates.Shape.valueOf(value.toUpperCase(Locale.ROOT));
        case "--loop" -> loop = value.equals("yes");
        case "--together" -> cores = value.equals("yes") ? Cores.together() : cores;
        case "--json" -> json = Path.of(value);
        case "--jvm" -> jvm.add(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    if (cases.isEmpty() && !cloudWatch) {
      cases.addAll(List.of(SinkCase.values()));
      cloudWatch = true;
    }
  }

  private static SinkCase caseNamed(String value) {
    return Arrays.stream(SinkCase.values())
        .filter(each -> each.name().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--case "
                        + value
                        + ": expected one of "
                        + Arrays.toString(SinkCase.values()).toLowerCase(Locale.ROOT)
                        + " or "
                        + CLOUD_WATCH));
  }

  private void runAll() throws Exception {
    if (loop) {
      SinkLoop sinkLoop = new SinkLoop(new MadeUpAggregates(shape), folder);
      for (SinkCase each : cases) {
        out.println(sinkLoop.measure(each));
      }
      return;
    }
    out.println(
        cores.areApart()
            ? "sink and bare loop have core 0; the target and the broker have the others"
            : "sink and bare loop share all cores with the target and the broker");
    cores.moveToTarget();
    out.printf(
        "%-12s %10s %10s %6s %8s %8s %9s %9s %11s %6s%n",
        "case",
        "bare/s",
        "sink/s",
        "/bare",
        "bare us",
        "sink us",
        "waiting",
        "heap MiB",
        "catch-up/s",
        "/sink");
    List<Map<String, Object>> figures = new ArrayList<>();
    for (SinkCase each : cases) {
      Result result = measure(each);
      out.println(row(result));
      figures.add(figures(result));
    }
    if (cloudWatch) {
      figures.add(cloudWatch());
    }
    Path file = json;
    if (file != null) {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
    }
  }

  private static String row(Result result) {
    Progress behind = result.behind();
    String first =
        String.format(
            Locale.ROOT,
            "%-12s %10.0f %10.0f %6.2f %8.1f %8.1f",
            result.name(),
            rate(result.bare()),
            rate(result.delivered()),
            result.ratio(),
            median(result.bare(), Progress::cpuMicros),
            median(result.delivered(), Progress::cpuMicros));
    return behind == null
        ? first
        : first
            + String.format(
                Locale.ROOT,
                " %9d %9d %11.0f %6.2f",
                result.waiting(),
                behind.mostHeapMib(),
                behind.rate(),
                behind.rate() / rate(result.delivered()));
  }

  private static Map<String, Object> figures(Result result) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("case", result.name());
    figures.put("bare_per_second", result.bare().stream().map(Progress::rate).toList());
    figures.put("sink_per_second", result.delivered().stream().map(Progress::rate).toList());
    figures.put("ratio", result.ratio());
    figures.put("bare_cpu_micros", result.bare().stream().map(Progress::cpuMicros).toList());
    figures.put("sink_cpu_micros", result.delivered().stream().map(Progress::cpuMicros).toList());
    Progress behind = result.behind();
    if (behind != null) {
      figures.put("waiting", result.waiting());
      figures.put("heap_mib", behind.mostHeapMib());
      figures.put("catch_up_per_second", behind.rate());
    }
    return figures;
  }

  private Result measure(SinkCase sinkCase) throws Exception {
    Path at = Files.createDirectories(folder.resolve(sinkCase.name()));
    MadeUpAggregates made = new MadeUpAggregates(shape);
    int count = count(sinkCase);
    try (KafkaProcess kafka = KafkaProcess.start(at.resolve("kafka"));
        SchemaRegistryServer registry = SchemaRegistryServer.start(kafka.bootstrapServers(), 0)) {
      Cluster cluster = new Cluster(kafka.bootstrapServers(), registry.url());
      String few = topics(cluster, "few.");
      made.publish(cluster.kafka(), registry.url(), few, count);
      Path bodies = record(sinkCase, at, cluster, few, count);
      List<Progress> bare = new ArrayList<>();
      List<Progress> delivered = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        bare.add(bareLoop(sinkCase, at.resolve("bare" + round), cluster, few, bodies));
        delivered.add(sink(sinkCase, at.resolve("sink" + round), cluster, few));
      }
      Progress behind = null;
      if (waiting > 0) {
        String many = topics(cluster, "many.");
        made.publish(cluster.kafka(), registry.url(), many, waiting);
        behind = outage(sinkCase, at.resolve("outage"), cluster, many);
      }
      return new Result(sinkCase.name().toLowerCase(Locale.ROOT), bare, delivered, waiting, behind);
    }
  }

  /** How much of the limits of a request the sink uses while there is more to send. */
  private Map<String, Object> cloudWatch() throws Exception {
    Path at = Files.createDirectories(folder.resolve(CLOUD_WATCH));
    // CloudWatch takes what is not older than two weeks.
    long start = TimeUnit.HOURS.toMicros(TimeUnit.MILLISECONDS.toHours(Clock.systemUTC().millis()));
    MadeUpAggregates made =
        new MadeUpAggregates(MadeUpAggregates.Shape.MIXED, start - TimeUnit.HOURS.toMicros(2));
    try (CloudWatchFill fill = new CloudWatchFill();
        KafkaProcess kafka = KafkaProcess.start(at.resolve("kafka"));
        SchemaRegistryServer registry = SchemaRegistryServer.start(kafka.bootstrapServers(), 0)) {
      Cluster cluster = new Cluster(kafka.bootstrapServers(), registry.url());
      String prefix = topics(cluster, "fill.");
      made.publish(cluster.kafka(), registry.url(), prefix, CLOUD_WATCH_AGGREGATES);
      Progress unused =
          run(
              sinkArguments(CLOUD_WATCH, fill.block(), at, cluster, prefix, CLOUD_WATCH_AGGREGATES),
              at);
      out.printf(
          Locale.ROOT,
          "%-12s %d requests, filled to %.1f %% of the limits on average%n",
          CLOUD_WATCH,
          fill.requests(),
          100 * fill.average());
      return Map.of("case", CLOUD_WATCH, "requests", fill.requests(), "filled", fill.average());
    }
  }

  private int count(SinkCase sinkCase) {
    return aggregates > 0 ? aggregates : sinkCase.aggregates();
  }

  private record Cluster(String kafka, String registry) {}

  private static String topics(Cluster cluster, String prefix) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.kafka()))) {
      new TopicCatalogue(Topics.withPrefix(prefix), PARTITIONS).create(admin, (short) 1);
    }
    return prefix;
  }

  /** Lets the sink itself prepare the bodies for the bare loop. */
  private Path record(SinkCase sinkCase, Path at, Cluster cluster, String prefix, int count)
      throws IOException, InterruptedException {
    Path file = at.resolve("bodies");
    try (Recorder recorder = new Recorder(sinkCase, file, true)) {
      Progress unused =
          run(sinkArguments(sinkCase, at, cluster, prefix, recorder.url(), count), at);
    }
    return file;
  }

  private Progress bareLoop(SinkCase sinkCase, Path at, Cluster cluster, String prefix, Path bodies)
      throws IOException, InterruptedException {
    SinkCase.Target target = sinkCase.start(Files.createDirectories(at));
    try {
      if (sinkCase.isPreparedBySink()) {
        Progress unused = run(sinkArguments(sinkCase, at, cluster, prefix, target.url(), 1), at);
      }
      return run(
          List.of(
              "bare",
              sinkCase.name(),
              bodies.toString(),
              target.url(),
              Integer.toString(count(sinkCase))),
          at);
    } finally {
      target.close().run();
    }
  }

  private Progress sink(SinkCase sinkCase, Path at, Cluster cluster, String prefix)
      throws IOException, InterruptedException {
    SinkCase.Target target = sinkCase.start(Files.createDirectories(at));
    try {
      return run(sinkArguments(sinkCase, at, cluster, prefix, target.url(), count(sinkCase)), at);
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
                  sinkCase, at, cluster, prefix, target.url(), Math.min(waiting, MOST_WATCHED)),
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
    return sinkArguments(sinkCase.sink(), sinkCase.block(url), at, cluster, prefix, until);
  }

  private List<String> sinkArguments(
      String sink, String yaml, Path at, Cluster cluster, String prefix, int until)
      throws IOException {
    groups++;
    Path block = Files.writeString(at.resolve("block" + groups + ".yaml"), yaml);
    return List.of(
        "sink",
        sink,
        block.toString(),
        cluster.kafka(),
        cluster.registry(),
        prefix,
        "bench-" + groups,
        Integer.toString(until));
  }

  private Progress run(List<String> arguments, Path at) throws IOException, InterruptedException {
    return read(start(arguments, at), at);
  }

  private Process start(List<String> arguments, Path at) throws IOException {
    List<String> command = new ArrayList<>(cores.sender());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What Java itself has to say must not come between the figures.
    command.addAll(List.of("-Xmx256m", "-Xlog:disable", "-Xlog:all=error:stderr"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SinkWorker.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(at.resolve("worker.log").toFile()));
    // Amazon's client signs with whatever there is; the stand-in does not look.
    builder.environment().put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "nobody-checks-this");
    return builder.start();
  }

  private static Progress read(Process worker, Path at) throws IOException, InterruptedException {
    Progress progress = new Progress();
    try (BufferedReader lines = worker.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(progress::add);
      if (worker.waitFor() != 0 || progress.isEmpty()) {
        throw new IOException("a worker failed:\n" + Files.readString(at.resolve("worker.log")));
      }
    } finally {
      worker.destroyForcibly();
    }
    return progress;
  }

  private static double rate(List<Progress> rounds) {
    return median(rounds, Progress::rate);
  }

  private static double median(List<Progress> rounds, ToDoubleFunction<Progress> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
