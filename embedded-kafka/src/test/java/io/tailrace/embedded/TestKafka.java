package io.tailrace.embedded;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The cluster the tests of this JVM share, with a registry beside it.
 *
 * <p>{@code TAILRACE_TEST_KAFKA} chooses it: unset, an embedded broker; {@code docker}, a container
 * (image in {@code TAILRACE_TEST_KAFKA_IMAGE}); anything else is the address of a cluster. Tests do
 * not clean up: they take names that nobody else has.
 */
public final class TestKafka {
  private static final String CHOICE = "TAILRACE_TEST_KAFKA";

  private final String bootstrapServers;
  private final String registryUrl;
  private final AtomicLong names = new AtomicLong();

  private TestKafka(String bootstrapServers, String registryUrl) {
    this.bootstrapServers = bootstrapServers;
    this.registryUrl = registryUrl;
  }

  /** Starts it when first asked; it ends with the JVM. */
  public static TestKafka shared() {
    return Shared.INSTANCE;
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public String registryUrl() {
    return registryUrl;
  }

  /** What every client of the cluster needs. */
  public Map<String, Object> clientProperties() {
    return Map.of("bootstrap.servers", bootstrapServers, "schema.registry.url", registryUrl);
  }

  /** A name for a topic, a group or a run that no other test has, not even in an earlier build. */
  public String uniqueName(String prefix) {
    return "%s-%s-%d"
        .formatted(
            prefix,
            Long.toString(ProcessHandle.current().pid(), 36)
                + Long.toString(System.nanoTime() & 0xFFFF_FFFFL, 36),
            names.incrementAndGet());
  }

  private static final class Shared {
    static final TestKafka INSTANCE = launch(System.getenv(CHOICE));
  }

  private static TestKafka launch(@Nullable String choice) {
    String bootstrapServers;
    AutoCloseable broker;
    if (choice == null || choice.isBlank()) {
      EmbeddedKafka embedded = EmbeddedKafka.start();
      bootstrapServers = embedded.bootstrapServers();
      broker = embedded;
    } else if (choice.equals("docker")) {
      ContainerKafka container = ContainerKafka.start();
      bootstrapServers = container.bootstrapServers();
      broker = container;
    } else {
      bootstrapServers = choice;
      broker = () -> {};
    }
    SchemaRegistryServer registry = SchemaRegistryServer.start(bootstrapServers, 0);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> close(registry, broker), "test-kafka-shutdown"));
    return new TestKafka(bootstrapServers, registry.url());
  }

  private static void close(AutoCloseable... parts) {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("closing the test cluster: " + e);
      }
    }
  }
}
