package io.tailrace.benchmarks.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.benchmarks.aggregate.BenchCluster;
import io.tailrace.topics.Topics;
import java.io.BufferedReader;
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
 * connections, in turns; and how late its requests are at half of what it can do.
 */
public final class LoadBench {

  private static final String USAGE =
      """
      usage: bench load [--connections N] [--seconds N] [--rounds N] [--json FILE]
        --connections  of wrk and of the generator (64)
        --seconds      of each measurement (8)
        --rounds       of all cases in turn; the medians are printed (5)
        --json         also write the medians to a file
      """;
  private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");

  private final PrintStream out;
  private final List<Double> wrk = new ArrayList<>();
  private final List<Double> alone = new ArrayList<>();
  private final List<Double> published = new ArrayList<>();
  private final List<Double> half = new ArrayList<>();
  private final List<Double> lateness = new ArrayList<>();
  private int connections = 64;
  private int seconds = 8;
  private int rounds = 5;
  private int runs;
  private @Nullable Path json;

  private LoadBench(PrintStream out) {
    this.out = out;
  }

  /** Runs all cases; 2 when the arguments cannot be understood. */
  public static int run(List<String> arguments, PrintStream out) throws IOException {
    LoadBench bench = new LoadBench(out);
    try {
      bench.parse(arguments);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.print(USAGE);
      return 2;
    }
    bench.runAll(Wrk.find(System.getenv()));
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
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
  }

  private void runAll(Wrk peer) throws IOException {
    try (BenchCluster cluster = BenchCluster.start()) {
      Topics topics = cluster.createTopics("load");
      Process target =
          BenchCluster.java(
              HEAP, TargetMain.class.getName(), List.of(), cluster.folder().resolve("target.log"));
      try (BufferedReader said = target.inputReader(StandardCharsets.UTF_8)) {
        String url = said.readLine();
        if (url == null) {
          throw new IOException("the target did not start");
        }
        peer.run(url, connections, seconds);
        for (int round = 1; round <= rounds; round++) {
          round(peer, cluster, topics, url);
          out.printf(
              Locale.ROOT,
              "round %d: wrk %.0f, alone %.0f, publishing %.0f, at %.0f late p99 %.2f ms%n",
              round,
              last(wrk),
              last(alone),
              last(published),
              last(half),
              last(lateness));
        }
      } finally {
        BenchCluster.end(target);
      }
    }
    report();
  }

  private void round(Wrk peer, BenchCluster cluster, Topics topics, String url) throws IOException {
    wrk.add(peer.run(url, connections, seconds));
    String closed = "users: " + connections;
    alone.add(node(cluster, null, url, closed).path("throughput").asDouble());
    published.add(node(cluster, topics, url, closed).path("throughput").asDouble());
    double rate = Math.floor(last(published) / 2);
    JsonNode punctual = node(cluster, topics, url, "rate: " + (long) rate);
    half.add(punctual.path("throughput").asDouble());
    lateness.add(punctual.path("lateness").path("p99").asDouble());
  }

  /** Runs one node in a new process; its summary. */
  private JsonNode node(BenchCluster cluster, @Nullable Topics topics, String url, String load)
      throws IOException {
    String run = "run-" + runs++;
    Path plan = cluster.folder().resolve(run + ".yaml");
    Files.writeString(
        plan,
        """
        target: %s
        load: {%s, duration: %ds}
        http: {connections: %d}
        """
            .formatted(url, load, seconds, connections));
    List<String> arguments = new ArrayList<>(List.of(plan.toString(), run));
    if (topics != null) {
      arguments.add(cluster.bootstrapServers());
      arguments.add(cluster.registryUrl());
      arguments.add(topics.samples().replace("samples", ""));
    }
    Path log = cluster.folder().resolve(run + ".log");
    Process process = BenchCluster.java(HEAP, NodeMain.class.getName(), arguments, log);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (said.isBlank()) {
      throw new IOException("the node did not finish:\n" + Files.readString(log));
    }
    JsonNode summary = new ObjectMapper().readTree(said.substring(said.indexOf('{')));
    boolean whole = topics == null || summary.path("published").path("complete").asBoolean();
    if (summary.path("errors").asLong() > 0 || !whole) {
      throw new IllegalStateException("void, there were errors or losses: " + summary);
    }
    return summary;
  }

  private void report() throws IOException {
    double peer = median(wrk);
    double most = median(alone);
    double publishing = median(published);
    out.printf(Locale.ROOT, "%-44s %12s %8s %12s%n", "case", "requests/s", "/wrk", "late p99 ms");
    row("wrk", peer, 1, null);
    row("generator", most, most / peer, null);
    row("generator, publishing", publishing, publishing / peer, null);
    row("generator, publishing, half its maximum", median(half), median(half) / peer, lateness);
    out.printf(Locale.ROOT, "publishing costs %.1f %%%n", 100 * (1 - publishing / most));
    Path file = json;
    if (file != null) {
      Files.writeString(
          file,
          String.format(
              Locale.ROOT,
              "{\"wrk\": %.0f, \"generator\": %.0f, \"publishing\": %.0f, \"half\": %.0f, \"lateness_p99_ms\": %.3f}%n",
              peer,
              most,
              publishing,
              median(half),
              median(lateness)));
    }
  }

  private void row(String name, double rate, double ratio, @Nullable List<Double> late) {
    String p99 = late == null ? "" : String.format(Locale.ROOT, "%.2f", median(late));
    out.printf(Locale.ROOT, "%-44s %12.0f %8.2f %12s%n", name, rate, ratio, p99);
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
