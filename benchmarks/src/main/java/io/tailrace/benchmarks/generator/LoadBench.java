package io.tailrace.benchmarks.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.benchmarks.Cores;
import io.tailrace.benchmarks.aggregate.BenchCluster;
import io.tailrace.topics.Topics;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code bench load}: the generator beside {@code wrk} against the same target, with the same
 * connections, in turns; and how late its requests are at half of what it can do. Rounds before
 * those that count let every process compile what it runs.
 */
public final class LoadBench {

  private static final String USAGE =
      """
      usage: bench load [--connections N] [--seconds N] [--rounds N] [--before N] [--json FILE]
                 [--jvm OPTION]...
        --connections  of wrk and of the generator (64)
        --seconds      of each measurement (12)
        --rounds       of all cases in turn; the medians are printed (5)
        --before       rounds before those, which do not count (4): Kafka's client is called so
                       seldom that half a minute goes by until it is compiled. How long each node
                       compiled is printed, so that one sees when that is over
        --json         also write the medians to a file
        --jvm          another option for the Java of the nodes and the target
      """;

  private final PrintStream out;
  // The last as ./tailrace starts them.
  private final List<String> jvm =
      new ArrayList<>(List.of("-Xms1g", "-Xmx1g", "-XX:MaxTenuringThreshold=1"));
  private final Cores cores = Cores.apart(System.getenv());
  private final List<Double> wrk = new ArrayList<>();
  private final Case alone = new Case("generator");
  private final Case published = new Case("generator, publishing");
  private final Case half = new Case("generator, publishing, half its maximum");
  private int connections = 64;
  private int seconds = 12;
  private int rounds = 5;
  private int roundsBefore = 4;
  private int runs;
  private @Nullable Path json;

  /** What was measured of one way to run a node, a value each round. */
  private record Case(
      String name,
      List<Double> rates,
      List<Double> cpu,
      List<Double> lateness,
      List<Double> compiledMillis) {
    Case(String name) {
      this(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(JsonNode summary) {
      rates.add(summary.path("throughput").asDouble());
      cpu.add(summary.path("cpu_micros").asDouble());
      lateness.add(summary.path("lateness").path("p99").asDouble());
      compiledMillis.add(summary.path("compiled_millis").asDouble());
    }

    void forget() {
      rates.clear();
      cpu.clear();
      lateness.clear();
      compiledMillis.clear();
    }
  }

  /** A process that runs nodes, one after another. */
  private record Nodes(Process process, BufferedWriter asked, BufferedReader said, Path log)
      implements AutoCloseable {

    JsonNode run(Path plan, String run, boolean publishes) throws IOException {
      asked.write(plan + " " + run + (publishes ? " publish\n" : " alone\n"));
      asked.flush();
      String line = said.readLine();
      while (line != null && !line.startsWith("{")) {
        line = said.readLine();
      }
      if (line == null) {
        throw new IOException("the node did not finish:\n" + Files.readString(log));
      }
      return new ObjectMapper().readTree(line);
    }

    @Override
    public void close() throws IOException {
      asked.close();
      BenchCluster.end(process);
    }
  }

  private LoadBench(PrintStream out) {
    this.out = out;
  }

  /** Runs all cases; 2 when the arguments cannot be understood. */
  public static int run(List<String> arguments, PrintStream out) throws IOException {
    if (arguments.contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    LoadBench bench = new LoadBench(out);
    try {
      bench.parse(arguments);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.print(USAGE);
      return 2;
    }
    bench.runAll(Wrk.find(System.getenv(), bench.cores.sender()));
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
        case "--connections" -> connections = Math.max(1, Integer.parseInt(value));
        case "--seconds" -> seconds = Math.max(2, Integer.parseInt(value));
        case "--rounds" -> rounds = Math.max(1, Integer.parseInt(value));
        case "--before" -> roundsBefore = Math.max(1, Integer.parseInt(value));
        case "--jvm" -> jvm.add(value);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
  }

  private void runAll(Wrk peer) throws IOException {
    out.println(
        cores.areApart()
            ? "wrk and the generator have core 0; the target has the others, and the broker what it leaves"
            : "all processes share all cores: there is no taskset, or only one core");
    try (BenchCluster cluster = BenchCluster.start(cores.broker())) {
      Topics topics = cluster.createTopics("load");
      Process target =
          BenchCluster.java(
              cores.target(),
              jvm,
              TargetMain.class.getName(),
              List.of(),
              cluster.folder().resolve("target.log"));
      try (BufferedReader said = target.inputReader(StandardCharsets.UTF_8);
          Nodes busy = nodes(cluster, topics, "busy", cores.sender());
          Nodes punctual = nodes(cluster, topics, "punctual", List.of())) {
        String url = said.readLine();
        if (url == null) {
          throw new IOException("the target did not start");
        }
        for (int round = 1; round <= roundsBefore; round++) {
          round(peer, cluster, busy, punctual, url);
          print("before it counts");
        }
        wrk.clear();
        List.of(alone, published, half).forEach(Case::forget);
        for (int round = 1; round <= rounds; round++) {
          round(peer, cluster, busy, punctual, url);
          print("round " + round);
        }
      } finally {
        BenchCluster.end(target);
      }
    }
    report();
  }

  private Nodes nodes(BenchCluster cluster, Topics topics, String name, List<String> before)
      throws IOException {
    Path log = cluster.folder().resolve(name + ".log");
    List<String> arguments =
        List.of(
            cluster.bootstrapServers(),
            cluster.registryUrl(),
            topics.samples().replace("samples", ""));
    Process process = BenchCluster.java(before, jvm, NodeMain.class.getName(), arguments, log);
    return new Nodes(
        process,
        process.outputWriter(StandardCharsets.UTF_8),
        process.inputReader(StandardCharsets.UTF_8),
        log);
  }

  private void round(Wrk peer, BenchCluster cluster, Nodes busy, Nodes punctual, String url)
      throws IOException {
    wrk.add(peer.run(url, connections, seconds));
    String closed = "users: " + connections;
    alone.add(node(busy, cluster, url, closed, 0, false));
    published.add(node(busy, cluster, url, closed, 0, true));
    String rate = "rate: " + (long) (last(published.rates()) / 2);
    // It may use what the target leaves: a node that is half idle has room for its other threads.
    // Connections are there before: opening them all in the first moment makes as many requests
    // late as all the rest of a round.
    half.add(node(punctual, cluster, url, rate, connections, true));
  }

  private JsonNode node(
      Nodes nodes, BenchCluster cluster, String url, String load, int openAhead, boolean publishes)
      throws IOException {
    String run = "run-" + runs++;
    Path plan = cluster.folder().resolve(run + ".yaml");
    Files.writeString(
        plan,
        """
        target: %s
        load: {%s, duration: %ds}
        http: {connections: %d, open_ahead: %d}
        """
            .formatted(url, load, seconds, connections, openAhead));
    JsonNode summary = nodes.run(plan, run, publishes);
    boolean whole = !publishes || summary.path("published").path("complete").asBoolean();
    if (summary.path("errors").asLong() > 0 || !whole) {
      throw new IllegalStateException("void, there were errors or losses: " + summary);
    }
    return summary;
  }

  private void print(String round) {
    out.printf(
        Locale.ROOT,
        "%s: wrk %.0f, alone %.0f, publishing %.0f, at %.0f late p99 %.2f ms; compiled %.0f, %.0f"
            + " and %.0f ms%n",
        round,
        last(wrk),
        last(alone.rates()),
        last(published.rates()),
        last(half.rates()),
        last(half.lateness()),
        last(alone.compiledMillis()),
        last(published.compiledMillis()),
        last(half.compiledMillis()));
  }

  private void report() throws IOException {
    double peer = median(wrk);
    out.printf(
        Locale.ROOT,
        "%-40s %10s %6s %12s %12s%n",
        "case",
        "requests/s",
        "/wrk",
        "CPU, us each",
        "late p99 ms");
    out.printf(Locale.ROOT, "%-40s %10.0f %6.2f%n", "wrk", peer, 1.0);
    row(alone, peer, "");
    row(published, peer, "");
    row(half, peer, String.format(Locale.ROOT, "%.2f", median(half.lateness())));
    out.printf(
        Locale.ROOT,
        "publishing costs %.1f %% (median of what it does in each round)%n",
        100 * (1 - median(quotients(published.rates(), alone.rates()))));
    Path file = json;
    if (file != null) {
      Files.writeString(
          file,
          String.format(
              Locale.ROOT,
              "{\"wrk\": %.0f, \"generator\": %.0f, \"publishing\": %.0f, \"half\": %.0f, \"lateness_p99_ms\": %.3f}%n",
              peer,
              median(alone.rates()),
              median(published.rates()),
              median(half.rates()),
              median(half.lateness())));
    }
  }

  private void row(Case measured, double peer, String late) {
    double rate = median(measured.rates());
    out.printf(
        Locale.ROOT,
        "%-40s %10.0f %6.2f %12.2f %12s%n",
        measured.name(),
        rate,
        rate / peer,
        median(measured.cpu()),
        late);
  }

  /** Round by round: the machine's speed changes from one to the next. */
  private static List<Double> quotients(List<Double> values, List<Double> of) {
    List<Double> all = new ArrayList<>();
    for (int round = 0; round < values.size(); round++) {
      all.add(values.get(round) / of.get(round));
    }
    return all;
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
