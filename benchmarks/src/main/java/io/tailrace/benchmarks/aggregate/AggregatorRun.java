package io.tailrace.benchmarks.aggregate;

import io.tailrace.topics.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The product itself, in a process of its own with one stream thread. */
final class AggregatorRun implements AutoCloseable {
  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");
  // Seldom enough not to take part: asking costs the broker, which shares the processors.
  private static final long POLL_MILLIS = 100;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(15);

  private final BenchCluster cluster;
  private final Topics topics;
  private final String applicationId;
  private final Path gcLog;
  private final Path log;
  private final Process process;

  private AggregatorRun(
      BenchCluster cluster,
      Topics topics,
      String applicationId,
      Path gcLog,
      Path log,
      Process run) {
    this.cluster = cluster;
    this.topics = topics;
    this.applicationId = applicationId;
    this.gcLog = gcLog;
    this.log = log;
    this.process = run;
  }

  /** Starts an instance and returns once it is running. */
  static AggregatorRun start(
      BenchCluster cluster,
      Topics topics,
      String name,
      int heapMb,
      List<String> jvm,
      Map<String, String> kafka)
      throws IOException {
    String applicationId = "bench-" + name;
    Properties settings = new Properties();
    settings.put("kafka.bootstrap.servers", cluster.bootstrapServers());
    settings.put("kafka.schema.registry.url", cluster.registryUrl());
    settings.put("kafka.state.dir", cluster.folder().resolve("state-" + name).toString());
    kafka.forEach((key, value) -> settings.put("kafka." + key, value));
    settings.put("topics.prefix", name + ".");
    settings.put("application.id", applicationId);
    Path file = cluster.folder().resolve(name + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    Path gcLog = cluster.folder().resolve(name + ".gc");
    Path log = cluster.folder().resolve(name + ".log");
    // A heap that grows and shrinks gets every page anew from the system.
    List<String> options =
        new ArrayList<>(
            List.of("-Xms" + heapMb + "m", "-Xmx" + heapMb + "m", "-Xlog:gc:file=" + gcLog));
    options.addAll(jvm);
    Process process =
        BenchCluster.java(options, AggregatorMain.class.getName(), List.of(file.toString()), log);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line;
    do {
      line = lines.readLine();
      if (line == null) {
        throw new IOException("the aggregator did not start:\n" + Files.readString(log));
      }
    } while (!line.equals(AggregatorMain.RUNNING));
    return new AggregatorRun(cluster, topics, applicationId, gcLog, log, process);
  }

  /**
   * Waits until everything is committed and returns how fast it went in the second half. What is
   * committed has been written: offsets and results are one transaction.
   */
  double awaitAll(long batches, int samplesPerBatch) throws Exception {
    Progress progress = new Progress(batches * samplesPerBatch);
    TopicPartition partition = new TopicPartition(topics.samples(), 0);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try (Admin admin = cluster.admin()) {
      long committed = 0;
      while (committed < batches) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "the aggregator stopped at " + committed + " of " + batches + " batches:\n" + tail());
        }
        OffsetAndMetadata offset =
            admin
                .listConsumerGroupOffsets(applicationId)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        committed = offset == null ? 0 : offset.offset();
        progress.reached(Math.min(committed, batches) * samplesPerBatch);
        Thread.sleep(POLL_MILLIS);
      }
    }
    return progress.samplesPerSecond();
  }

  /** The most that was in use after a collection. */
  long heapMb() throws IOException {
    long most = 0;
    for (String line : Files.readAllLines(gcLog)) {
      Matcher matcher = COLLECTION.matcher(line);
      while (matcher.find()) {
        most = Math.max(most, Long.parseLong(matcher.group(2)));
      }
    }
    return most;
  }

  private String tail() throws IOException {
    String all = Files.readString(log);
    return all.substring(Math.max(0, all.length() - 4_000));
  }

  @Override
  public void close() {
    BenchCluster.end(process);
  }
}
