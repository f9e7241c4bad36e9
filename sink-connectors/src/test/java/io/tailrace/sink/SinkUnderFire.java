package io.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Violation;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A sink that is a process and is killed while it works, and a target that is stopped and loses one
 * answer in ten after it acted.
 */
public final class SinkUnderFire implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(1);
  private static final int SLOWNESS_MILLIS = 100;

  private final TestKafka kafka = TestKafka.shared();
  private final String prefix = kafka.uniqueName("fire") + ".";
  private final Topics topics = Topics.withPrefix(prefix);
  private final Random random = new Random(7);
  private final AtomicInteger lost = new AtomicInteger();
  private final Path folder;
  private final StubTarget.Vendor vendor;
  private final Predicate<Request> changes;
  private StubTarget target;
  private @Nullable Process process;

  public SinkUnderFire(Path folder, StubTarget.Vendor vendor, Predicate<Request> changes) {
    this.folder = folder;
    this.vendor = vendor;
    this.changes = changes;
    this.target = StubTarget.start(this::answer);
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  public StubTarget target() {
    return target;
  }

  /** Answers that were lost of requests that had changed something. */
  public int lost() {
    return lost.get();
  }

  private Answer answer(Request request) throws IOException {
    Answer answer = vendor.answer(request);
    if (changes.test(request)) {
      try {
        // Slow enough for a kill to strike at work.
        TimeUnit.MILLISECONDS.sleep(SLOWNESS_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (answer.status() < 300 && isLost()) {
        throw new IOException("lost on its way back");
      }
    }
    return answer;
  }

  private synchronized boolean isLost() {
    boolean isLost = random.nextInt(10) == 0;
    lost.addAndGet(isLost ? 1 : 0);
    return isLost;
  }

  /**
   * Publishes violations, and delivers them through three kills and two stops of the target.
   *
   * @param block the sink's block and its key, in flow or indented by two
   * @param stored how many of them the target holds
   */
  public void deliver(List<Violation> violations, String block, IntSupplier stored)
      throws Exception {
    publish(violations);
    Path config = configure(block);
    int all = violations.size();
    for (int round = 1; round <= 3; round++) {
      start(config);
      reach(stored, all * (2 * round - 1) / 7);
      if (round < 3) {
        stopTarget();
      }
      reach(stored, all * 2 * round / 7);
      kill();
      assertThat(stored.getAsInt()).as("there was work left").isLessThan(all);
    }
    start(config);
    reach(stored, all);
    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> stored.getAsInt() == all);
    assertThat(target.strangers()).isEmpty();
  }

  private void reach(IntSupplier stored, int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> stored.getAsInt() >= count);
  }

  private void stopTarget() throws InterruptedException {
    assertThat(target.strangers()).isEmpty();
    int port = target.port();
    target.close();
    TimeUnit.MILLISECONDS.sleep(STOP.toMillis());
    target = StubTarget.startAt(port, this::answer);
  }

  private Path configure(String block) throws IOException {
    Path config = folder.resolve("tailrace.yaml");
    Files.writeString(
        config,
        """
        kafka:
          bootstrap.servers: "%s"
          schema.registry.url: "%s"
          group.id: "%s"
          group.instance.id: "the-only-one"
          session.timeout.ms: 6000
          heartbeat.interval.ms: 1000
        topics: {prefix: "%s"}
        service: {port: 0}
        outputs:
        """
                .formatted(kafka.bootstrapServers(), kafka.registryUrl(), prefix, prefix)
            + block.indent(2));
    return config;
  }

  private void start(Path config) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dorg.apache.kafka.automatic.config.providers=none",
                "-cp",
                System.getProperty("java.class.path"),
                SinkProcess.class.getName(),
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("sink.log").toFile()))
            .start();
  }

  private void kill() {
    Process running = process;
    if (running != null) {
      assertThat(running.isAlive()).as("the sink works until it is killed").isTrue();
      running.destroyForcibly().onExit().join();
    }
  }

  private void publish(List<Violation> violations) {
    AvroSerializer<Violation> values = new AvroSerializer<>();
    values.configure(kafka.clientProperties(), false);
    try (KafkaProducer<String, Violation> producer =
        new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), values)) {
      for (Violation each : violations) {
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>(topics.violations(), each.getRun(), each));
      }
    }
  }

  @Override
  public void close() {
    kill();
    target.close();
  }
}
