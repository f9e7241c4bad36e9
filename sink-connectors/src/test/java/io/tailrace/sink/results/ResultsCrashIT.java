package io.tailrace.sink.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at random moments while windows are written: the files equal the topic. */
@Timeout(180)
class ResultsCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RUNS = 20;
  private static final int WINDOWS = 2_000;
  private static final int KILLS = "long".equals(System.getProperty("tailrace.proof")) ? 10 : 2;

  private final TestKafka kafka = TestKafka.shared();
  private final String prefix = kafka.uniqueName("crash") + ".";
  private final Topics topics = Topics.withPrefix(prefix);
  private final Random random = new Random(7);

  @TempDir Path folder;

  @Test
  void killedAtRandomMomentsItLosesAndDoublesNothing() throws Exception {
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
    Map<String, List<Long>> ledger = publish();
    int killedAtWork = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long before = lines();
      Process sink = start();
      try {
        await().atMost(Duration.ofSeconds(30)).until(() -> lines() > before);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
      } finally {
        sink.destroyForcibly().waitFor();
      }
      if (lines() < (long) RUNS * WINDOWS) {
        killedAtWork++;
      }
    }
    assertThat(killedAtWork).as("kills that struck while there was work left").isPositive();
    Process sink = start();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> lines() >= (long) RUNS * WINDOWS);
      assertThat(contents()).isEqualTo(ledger);
      await().during(Duration.ofSeconds(2)).until(() -> lines() == (long) RUNS * WINDOWS);
      assertThat(contents()).as("once more, when things are quiet").isEqualTo(ledger);
    } finally {
      sink.destroy();
      assertThat(sink.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process start() throws IOException {
    Path config = folder.resolve("tailrace.yaml");
    Files.writeString(
        config,
        """
        kafka:
          bootstrap.servers: "%s"
          schema.registry.url: "%s"
          group.id: "%s"
          session.timeout.ms: 6000
          heartbeat.interval.ms: 1000
        topics: {prefix: "%s"}
        outputs:
          results:
            folder: results
            batch_size: 100
            parallelism: 2
        """
            .formatted(kafka.bootstrapServers(), kafka.registryUrl(), prefix, prefix));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Dorg.apache.kafka.automatic.config.providers=none",
            "-cp",
            System.getProperty("java.class.path"),
            ResultsProcess.class.getName(),
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("sink.log").toFile())
        .start();
  }

  private Map<String, List<Long>> publish() {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    properties.put("max.in.flight.requests.per.connection", 1);
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(kafka.clientProperties(), false);
    Map<String, List<Long>> ledger = new TreeMap<>();
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(properties, new StringSerializer(), values)) {
      for (long window = 0; window < WINDOWS; window++) {
        for (int r = 0; r < RUNS; r++) {
          String run = "run-" + r;
          Future<RecordMetadata> unused =
              producer.send(
                  new ProducerRecord<>(
                      topics.windows(), run, TestAggregates.window(run, "*", window, window)));
          ledger.computeIfAbsent(run, id -> new ArrayList<>()).add(window);
        }
      }
    }
    return ledger;
  }

  private long lines() throws IOException {
    long lines = 0;
    for (Path file : files()) {
      try (Stream<String> all = Files.lines(file)) {
        lines += all.count();
      }
    }
    return lines;
  }

  private Map<String, List<Long>> contents() throws IOException {
    Map<String, List<Long>> contents = new TreeMap<>();
    for (Path file : files()) {
      for (String line : Files.readAllLines(file)) {
        JsonNode window = JSON.readTree(line);
        contents
            .computeIfAbsent(window.path("run_id").asText(), id -> new ArrayList<>())
            .add(window.path("requests").asLong());
      }
    }
    return contents;
  }

  private List<Path> files() {
    Path results = folder.resolve("results");
    if (!Files.isDirectory(results)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(results)) {
      return all.filter(file -> file.endsWith("windows.ndjson")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
