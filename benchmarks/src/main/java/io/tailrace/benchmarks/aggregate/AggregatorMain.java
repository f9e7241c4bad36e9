package io.tailrace.benchmarks.aggregate;

import io.tailrace.aggregator.app.Aggregator;
import io.tailrace.aggregator.app.AggregatorConfig;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.config.KafkaConnection;
import io.tailrace.service.EndpointConfig;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The aggregator as it is measured: with the product's own settings, one stream thread. */
final class AggregatorMain {
  static final String RUNNING = "aggregator RUNNING";

  private AggregatorMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
      file.load(reader);
    }
    Map<String, String> kafka = new TreeMap<>();
    for (String name : file.stringPropertyNames()) {
      if (name.startsWith("kafka.")) {
        kafka.put(name.substring("kafka.".length()), file.getProperty(name));
      }
    }
    Topics topics = Topics.withPrefix(file.getProperty("topics.prefix"));
    Aggregator aggregator =
        Aggregator.start(
            new AggregatorConfig(
                KafkaConnection.of(kafka),
                topics,
                new TopicCatalogue(topics, 1),
                (short) 1,
                file.getProperty("application.id"),
                1,
                0,
                RunRules.defaults(),
                EndpointConfig.anyLoopbackPort()));
    Runtime.getRuntime().addShutdownHook(new Thread(aggregator::close, "shutdown"));
    while (!aggregator.isRunning()) {
      Thread.sleep(10);
    }
    System.out.println(RUNNING);
    System.out.flush();
    aggregator.awaitEnd();
  }
}
