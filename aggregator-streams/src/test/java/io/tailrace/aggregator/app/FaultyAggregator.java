package io.tailrace.aggregator.app;

import io.tailrace.aggregator.run.RunRules;
import io.tailrace.aggregator.topology.Faults;
import io.tailrace.config.KafkaConnection;
import io.tailrace.service.EndpointConfig;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;

/**
 * An aggregator in a process of its own that fails on purpose.
 *
 * <p>Its argument is a properties file: {@code kafka.*} for the clients, {@code topics.prefix},
 * {@code topics.partitions}, {@code application.id}, {@code threads}, {@code standbys}. The system
 * property {@code tailrace.fault} is a point and when to halt there, such as {@code before-save:3},
 * or {@code corrupt:N} to have the task revived at every N-th record; {@code tailrace.unsafe} is a
 * safeguard to leave out.
 */
public final class FaultyAggregator {
  /** How a process ends that has halted where it was told to; no signal gives this. */
  public static final int HALTED = 99;

  private static final String CORRUPT = "corrupt";

  private FaultyAggregator() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
      file.load(reader);
    }
    Aggregator aggregator = Aggregator.start(config(file), faults());
    Runtime.getRuntime().addShutdownHook(new Thread(aggregator::close, "shutdown"));
    boolean wasRunning = false;
    while (true) {
      boolean isRunning = aggregator.isRunning();
      if (isRunning && !wasRunning) {
        System.out.println("aggregator RUNNING");
      }
      wasRunning = isRunning;
      Thread.sleep(20);
    }
  }

  static AggregatorConfig config(Properties file) {
    Map<String, String> kafka = new TreeMap<>();
    for (String name : file.stringPropertyNames()) {
      if (name.startsWith("kafka.")) {
        kafka.put(name.substring("kafka.".length()), file.getProperty(name));
      }
    }
    Topics topics = Topics.withPrefix(file.getProperty("topics.prefix", "tailrace."));
    int partitions = Integer.parseInt(file.getProperty("topics.partitions", "4"));
    return new AggregatorConfig(
        KafkaConnection.of(kafka),
        topics,
        new TopicCatalogue(topics, partitions),
        (short) 1,
        file.getProperty("application.id", "aggregator"),
        Integer.parseInt(file.getProperty("threads", "1")),
        Integer.parseInt(file.getProperty("standbys", "0")),
        RunRules.defaults(),
        EndpointConfig.anyLoopbackPort());
  }

  private static Faults faults() {
    String[] fault = System.getProperty("tailrace.fault", "none:0").split(":", 2);
    String unsafe = System.getProperty("tailrace.unsafe", "");
    long number = Long.parseLong(fault[1]);
    AtomicLong reached = new AtomicLong();
    return new Faults() {
      @Override
      public void reached(Point point, TaskId task) {
        if (point == Point.RECORD && fault[0].equals(CORRUPT)) {
          if (reached.incrementAndGet() % number == 0) {
            System.out.println("aggregator FAULT " + CORRUPT);
            throw new TaskCorruptedException(Set.of(task));
          }
        } else if (nameOf(point).equals(fault[0]) && reached.incrementAndGet() == number) {
          Runtime.getRuntime().halt(HALTED);
        }
      }

      @Override
      public boolean isWithout(Safeguard safeguard) {
        return nameOf(safeguard).equals(unsafe);
      }
    };
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
