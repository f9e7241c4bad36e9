package io.tailrace.benchmarks.aggregate;

import io.tailrace.embedded.EmbeddedKafkaMain;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker in a process of its own with its data in a temporary folder, and a registry. */
public final class BenchCluster implements AutoCloseable {
  private final Path folder;
  private final Process broker;
  private final String bootstrapServers;
  private final SchemaRegistryServer registryServer;
  private final SchemaRegistry registry;

  private BenchCluster(Path folder, Process broker, String bootstrapServers) {
    this.folder = folder;
    this.broker = broker;
    this.bootstrapServers = bootstrapServers;
    registryServer = SchemaRegistryServer.start(bootstrapServers, 0);
    registry = new HttpSchemaRegistry(Map.of("schema.registry.url", registryServer.url()));
  }

  public static BenchCluster start() throws IOException {
    return start(List.of());
  }

  /** Starts with something before the broker's command, such as {@code taskset}. */
  public static BenchCluster start(List<String> before) throws IOException {
    Path folder = Files.createTempDirectory("tailrace-bench-");
    Process broker =
        java(
            before,
            List.of("-Xms512m", "-Xmx512m"),
            EmbeddedKafkaMain.class.getName(),
            List.of("--data", folder.resolve("broker").toString()),
            folder.resolve("broker.log"));
    String address =
        new BufferedReader(new InputStreamReader(broker.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (address == null) {
      throw new IOException(
          "the broker did not start:\n" + Files.readString(folder.resolve("broker.log")));
    }
    return new BenchCluster(folder, broker, address);
  }

  /** Starts a Java process with this process's classes. */
  public static Process java(
      List<String> options, String mainClass, List<String> arguments, Path log) throws IOException {
    return java(List.of(), options, mainClass, arguments, log);
  }

  /** As above, with something before its command. */
  public static Process java(
      List<String> before, List<String> options, String mainClass, List<String> arguments, Path log)
      throws IOException {
    List<String> command =
        Stream.of(
                before,
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                options,
                List.of("-cp", System.getProperty("java.class.path"), mainClass),
                arguments)
            .flatMap(List::stream)
            .toList();
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Makes a set of topics under a prefix of its own, with as few partitions as runs. */
  public Topics createTopics(String name) {
    Topics topics = Topics.withPrefix(name + ".");
    try (Admin admin = admin()) {
      new TopicCatalogue(topics, 1).create(admin, (short) 1);
    }
    return topics;
  }

  void deleteTopics(Topics topics) throws Exception {
    try (Admin admin = admin()) {
      admin
          .deleteTopics(new TopicCatalogue(topics, 1).topics().stream().map(t -> t.name()).toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  int schemaId(Topics topics) {
    return registry.register(
        SchemaRegistry.valueSubject(topics.samples()), SampleBatch.getClassSchema());
  }

  public Path folder() {
    return folder;
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public String registryUrl() {
    return registryServer.url();
  }

  SchemaRegistry registry() {
    return registry;
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "compression.type",
            "lz4",
            "linger.ms",
            "5",
            "batch.size",
            "262144",
            "buffer.memory",
            "67108864"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "fetch.max.wait.ms",
            "20",
            "max.partition.fetch.bytes",
            "4194304"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Override
  public void close() throws IOException {
    registryServer.close();
    end(broker);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Asks a process to end, and makes it when it does not. */
  public static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
