package io.tailrace.benchmarks.aggregate;

import io.tailrace.record.RunMode;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * {@code bench aggregate}: the whole aggregator beside a bare consumer and a textbook topology, on
 * the same bytes, and how soon after its end a window is readable.
 */
public final class AggregateBench {
  private static final String USAGE =
      """
      usage: bench aggregate [--case NAME]... [--samples N] [--seconds N] [--json FILE] [--jfr FOLDER]
                       [--jvm OPTION]... [--kafka KEY=VALUE]... [--loop yes]
        --case     main, nodes, series, crowd, rules_none, rules_1000, single, delay or sla-1000;
                   all by default
        --samples  samples of the case main (100000000); the others take a share of it
        --seconds  how long the case delay publishes (40)
        --json     also write the figures to a file
        --jfr      record the aggregator's profiles into a folder
        --jvm      another option for the aggregator's Java
        --loop     yes: without Kafka, on up to 12 million samples in memory: nanoseconds a sample
        --kafka    another property for the aggregator's Kafka Streams
      """;
  private static final String DELAY = "DELAY";
  private static final String SLA = "SLA-1000";
  private static final long EVENTS_PER_SECOND = 1_000_000;
  private static final long MOST_IN_MEMORY = 12_000_000;
  private static final long START_MICROS = 1_790_000_000_000_000L;

  /** What is published for one case, and how it compares. */
  private enum Case {
    MAIN("20 series, 4 nodes", 20, 4, 500, 1, 512),
    NODES("20 series, 500 nodes", 20, 500, 500, 2, 512),
    // Whoever has so many series can spare a gigabyte; that half of it is enough the next one
    // shows.
    SERIES("2,000 series, 4 nodes", 2_000, 4, 500, 1, 1_024),
    // Every batch is a second and a half of its node: three windows are open all the time.
    CROWD("2,000 series, 1,000 nodes", 2_000, 1_000, 1_500, 5, 512),
    RULES_NONE("500 series, 4 nodes", 500, 4, 500, 4, 512),
    RULES_1000("500 series, 4 nodes, 1,000 objectives", 500, 4, 500, 4, 512),
    SINGLE("20 series, 4 nodes, one sample a record", 20, 4, 1, 5, 512);

    final String title;
    final int series;
    final int nodes;
    final int samplesPerBatch;
    final int share;
    final int heapMb;

    int objectives() {
      return this == RULES_1000 ? 1_000 : 0;
    }

    Case(String title, int series, int nodes, int samplesPerBatch, int share, int heapMb) {
      this.title = title;
      this.series = series;
      this.nodes = nodes;
      this.samplesPerBatch = samplesPerBatch;
      this.share = share;
      this.heapMb = heapMb;
    }
  }

  private record Result(
      String name,
      double samplesPerSecond,
      @Nullable Double ratioToBare,
      @Nullable Double ratioToDsl,
      @Nullable Double p50DelayMs,
      @Nullable Double p99DelayMs,
      @Nullable Long heapMb) {

    String json() {
      return "{\"case\": \"%s\", \"samples_per_second\": %.0f, \"ratio_to_bare\": %s, \"ratio_to_dsl\": %s, \"p50_delay_ms\": %s, \"p99_delay_ms\": %s, \"heap_mb\": %s}"
          .formatted(
              name,
              samplesPerSecond,
              json(ratioToBare),
              json(ratioToDsl),
              json(p50DelayMs),
              json(p99DelayMs),
              heapMb);
    }

    String row() {
      return String.format(
          Locale.ROOT,
          "%-48s %14.0f %8s %8s %8s %8s %6s",
          name,
          samplesPerSecond,
          cell(ratioToBare),
          cell(ratioToDsl),
          cell(p50DelayMs),
          cell(p99DelayMs),
          heapMb == null ? "" : heapMb.toString());
    }

    private static String json(@Nullable Double value) {
      return value == null ? "null" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String cell(@Nullable Double value) {
      return value == null ? "" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }
  }

  private final PrintStream out;
  private final List<String> cases = new ArrayList<>();
  private final List<String> results = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();
  private final Map<String, String> kafka = new TreeMap<>();
  private long samples = 100_000_000;
  private int seconds = 40;
  private boolean loop;
  private @Nullable Path json;
  private @Nullable Path jfr;
  private @Nullable Double mainRate;

  private AggregateBench(PrintStream out) {
    this.out = out;
  }

  /** Runs the cases that the arguments name; 2 when they cannot be understood. */
  public static int run(List<String> arguments, PrintStream out) throws Exception {
    if (arguments.contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    AggregateBench bench = new AggregateBench(out);
    try {
      bench.parse(arguments);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.print(USAGE);
      return 2;
    }
    bench.runAll();
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
        case "--case" -> cases.add(caseNamed(value));
        case "--samples" -> samples = Math.max(100_000, Long.parseLong(value));
        case "--seconds" -> seconds = Math.max(12, Integer.parseInt(value));
        case "--json" -> json = Path.of(value);
        case "--loop" -> loop = value.equals("yes");
        case "--jvm" -> jvm.add(value);
        case "--kafka" -> {
          String[] pair = value.split("=", 2);
          if (pair.length < 2) {
            throw new IllegalArgumentException("--kafka " + value + ": expected KEY=VALUE");
          }
          kafka.put(pair[0], pair[1]);
        }
        case "--jfr" -> jfr = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
  }

  private static String caseNamed(String value) {
    String name = value.toUpperCase(Locale.ROOT);
    List<String> known = new ArrayList<>(Stream.of(Case.values()).map(Case::name).toList());
    known.add(DELAY);
    known.add(SLA);
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "--case "
              + value
              + ": expected one of "
              + String.join(", ", known).toLowerCase(Locale.ROOT));
    }
    return name;
  }

  private boolean isWanted(String name) {
    return cases.isEmpty() || cases.contains(name);
  }

  private void runAll() throws Exception {
    if (loop) {
      loopAll();
      return;
    }
    out.printf(
        "%-48s %14s %8s %8s %8s %8s %6s%n",
        "case", "samples/s", "/bare", "/dsl", "p50 ms", "p99 ms", "heap");
    if (isWanted(SLA)) {
      price(RulesPrice.measure("sla-1000", 1_000_000, 3));
      price(RulesPrice.measure("sla-1000 at 100,000 a second", 100_000, 15));
    }
    if (cases.isEmpty() || !cases.stream().allMatch(SLA::equals)) {
      runWithKafka();
    }
    Path file = json;
    if (file != null) {
      Files.writeString(file, "[\n  " + String.join(",\n  ", results) + "\n]\n");
    }
  }

  private void runWithKafka() throws Exception {
    try (BenchCluster cluster = BenchCluster.start()) {
      for (Case one : Case.values()) {
        if (isWanted(one.name())) {
          throughput(cluster, one);
        }
      }
      if (isWanted(DELAY)) {
        delay(cluster);
      }
    }
  }

  private void price(RulesPrice.Price price) {
    results.add(price.json());
    out.println(price.row());
  }

  private void loopAll() {
    for (Case one : Case.values()) {
      if (isWanted(one.name()) && one.objectives() == 0) {
        new AggregateLoop(
                one.series,
                one.nodes,
                one.samplesPerBatch,
                Math.min(samples / one.share, MOST_IN_MEMORY))
            .nanosASample()
            .forEach(
                (what, nanos) ->
                    out.printf(Locale.ROOT, "%-42s %-16s %8.1f%n", one.title, what, nanos));
      }
    }
  }

  private void throughput(BenchCluster cluster, Case one) throws Exception {
    String name = one.name().toLowerCase(Locale.ROOT);
    Topics topics = cluster.createTopics(name);
    long batches = samples / one.share / one.samplesPerBatch / one.nodes * one.nodes;
    Fleet fleet = publish(cluster, topics, one, batches);
    double bare =
        new BareConsumer(cluster.registry(), topics)
            .run(cluster, topics, batches * one.samplesPerBatch);
    add(new Result(one.title + ": bare consumer", bare, null, null, null, null, null));
    double rate;
    long heapMb;
    try (AggregatorRun aggregator =
        AggregatorRun.start(cluster, topics, name, one.heapMb, profiling(name), kafka)) {
      rate = aggregator.awaitAll(batches, one.samplesPerBatch);
      heapMb = aggregator.heapMb();
    }
    new Outputs(cluster).check(topics, fleet);
    Double ratioToDsl = null;
    if (one == Case.SINGLE) {
      double textbook = TextbookTopology.run(cluster, topics, one.series);
      add(
          new Result(
              one.title + ": textbook DSL", textbook, textbook / bare, 1.0, null, null, null));
      ratioToDsl = rate / textbook;
      compareMain(textbook);
    }
    if (one == Case.MAIN) {
      mainRate = rate;
    }
    add(new Result(one.title, rate, rate / bare, ratioToDsl, null, null, heapMb));
    cluster.deleteTopics(topics);
  }

  /** The textbook has one record a sample; the product's own format is what it is held against. */
  private void compareMain(double textbook) {
    Double rate = mainRate;
    if (rate != null) {
      add(
          new Result(
              Case.MAIN.title + " against the textbook",
              rate,
              null,
              rate / textbook,
              null,
              null,
              null));
    }
  }

  private List<String> profiling(String name) throws IOException {
    List<String> options = new ArrayList<>(jvm);
    Path folder = jfr;
    if (folder != null) {
      Files.createDirectories(folder);
      Path file = folder.resolve(name + ".jfr").toAbsolutePath();
      options.add("-XX:StartFlightRecording=settings=profile,filename=" + file);
    }
    return options;
  }

  private static Fleet publish(BenchCluster cluster, Topics topics, Case one, long batches)
      throws Exception {
    long spanMicros = 1_000_000L * one.samplesPerBatch * one.nodes / EVENTS_PER_SECOND;
    int seconds = (int) (batches / one.nodes * spanMicros / 1_000_000L + 1);
    Fleet fleet =
        new Fleet(
            one.name(),
            RunMode.REPLAY,
            one.nodes,
            one.series,
            START_MICROS,
            seconds,
            cluster.schemaId(topics),
            one.objectives());
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (Producer<String, byte[]> producer = cluster.producer()) {
      for (long batch = 0; batch < batches; batch++) {
        int node = (int) (batch % one.nodes);
        long from = START_MICROS + batch / one.nodes * spanMicros;
        long to = from + spanMicros;
        boolean last = batch >= batches - one.nodes;
        byte[] value = fleet.batch(node, from, to, one.samplesPerBatch, to, last);
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topics.samples(), fleet.run(), value),
                (metadata, thrown) -> {
                  if (thrown != null) {
                    failure.compareAndSet(null, thrown);
                  }
                });
      }
    }
    Exception thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
    return fleet;
  }

  private void delay(BenchCluster cluster) throws Exception {
    Topics topics = cluster.createTopics("delay");
    try (AggregatorRun aggregator =
        AggregatorRun.start(cluster, topics, "delay", 512, profiling("delay"), kafka)) {
      Delays delays = new Delays(cluster, topics, EVENTS_PER_SECOND, seconds);
      List<Double> sorted = delays.run();
      if (sorted.isEmpty()) {
        throw new IllegalStateException("no window could be read in time");
      }
      TimeUnit.SECONDS.sleep(2);
      new Outputs(cluster).check(topics, delays.fleet());
      add(
          new Result(
              "1,000,000 a second in real time",
              EVENTS_PER_SECOND,
              null,
              null,
              percentile(sorted, 0.5),
              percentile(sorted, 0.99),
              aggregator.heapMb()));
    }
  }

  private static double percentile(List<Double> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  private void add(Result result) {
    results.add(result.json());
    out.println(result.row());
  }
}
