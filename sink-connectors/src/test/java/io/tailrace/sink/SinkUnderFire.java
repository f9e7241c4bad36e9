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
import java.util.concurrent.CountDownLatch;
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
 * answer in ten after it acted. {@code -Dtailrace.proof=long} stops it for half a minute.
 */
final class SinkUnderFire implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration STOP =
      "long".equals(System.getProperty("tailrace.proof"))
          ? Duration.ofSeconds(30)
          : Duration.ofSeconds(1);
  private static final int KILLS = 3;

  private final TestKafka kafka = TestKafka.shared();
  private final String prefix = kafka.uniqueName("fire") + ".";
  private final Topics topics = Topics.withPrefix(prefix);
  private final Path folder;
  private final LosingVendor vendor;
  private final IntSupplier stored;
  private final AtomicInteger met = new AtomicInteger();
  private volatile Ambush ambush = new Ambush(Integer.MAX_VALUE);
  private StubTarget target;
  private @Nullable Process process;

  /** Where a kill strikes: requests that come when so much is stored wait for it. */
  private record Ambush(int stored, CountDownLatch caught, CountDownLatch struck) {
    Ambush(int stored) {
      this(stored, new CountDownLatch(1), new CountDownLatch(1));
    }
  }

  /**
   * @param stored how much of what is published the target holds, in its last state
   */
  SinkUnderFire(
      Path folder, StubTarget.Vendor vendor, Predicate<Request> changes, IntSupplier stored) {
    this.folder = folder;
    this.vendor = new LosingVendor(vendor, changes);
    this.stored = stored;
    this.target = StubTarget.start(this::answer);
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  StubTarget target() {
    return target;
  }

  /** Answers that were lost of requests that had changed something. */
  int lost() {
    return vendor.lost();
  }

  /** Of the requests that a kill meets, one in two has been acted on. */
  private Answer answer(Request request) throws IOException {
    Ambush now = ambush;
    if (!vendor.isChange(request) || stored.getAsInt() < now.stored()) {
      return vendor.answer(request);
    }
    now.caught().countDown();
    if (met.incrementAndGet() % 2 == 0) {
      Answer unused = vendor.answer(request);
    }
    try {
      if (!now.struck().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("nothing was killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("whoever asked is gone");
  }

  /**
   * Publishes violations, and delivers them through three kills and two stops of the target.
   *
   * @param block the sink's block and its key
   * @param all how much the target holds in the end
   */
  void deliver(List<Violation> violations, String block, int all) throws Exception {
    publish(violations);
    Path config = configure(block);
    for (int kill = 1; kill <= KILLS; kill++) {
      Ambush next = new Ambush(all * 2 * kill / (2 * KILLS + 1));
      ambush = next;
      start(config);
      reach(all * (2 * kill - 1) / (2 * KILLS + 1));
      if (kill < KILLS) {
        stopTarget();
      }
      assertThat(next.caught().await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("a request is under way")
          .isTrue();
      kill();
      assertThat(stored.getAsInt()).as("there was work left").isLessThan(all);
      next.struck().countDown();
    }
    ambush = new Ambush(Integer.MAX_VALUE);
    start(config);
    reach(all);
    await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> stored.getAsInt() == all);
    assertThat(target.strangers()).isEmpty();
  }

  private void reach(int count) {
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
