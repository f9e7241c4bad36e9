package io.tailrace.config;

import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The {@code topics:} block: names, sizes, and settings of single topics.
 *
 * @param replication -1 for the cluster's own default
 * @param settings further topic settings, by topic
 */
public record TopicsConfig(
    String prefix, int partitions, short replication, Map<String, Map<String, String>> settings) {
  public static final String BLOCK = "topics";

  private static final int MOST_PARTITIONS = 10_000;
  private static final String NAME_PATTERN = "[a-zA-Z0-9._-]{0,200}";

  /** The topics by the key of their settings. */
  private static final Map<String, Function<Topics, String>> NAMES =
      Map.of(
          "samples", Topics::samples,
          "windows", Topics::windows,
          "violations", Topics::violations,
          "runs", Topics::runs,
          "summaries", Topics::summaries,
          "rules", Topics::rules,
          "commands", Topics::commands,
          "dead_letters", Topics::deadLetters,
          "sink_state", Topics::sinkState);

  public TopicsConfig {
    settings = Map.copyOf(settings);
  }

  /** Reads the block; partitions default to what fits the cluster. */
  public static TopicsConfig from(Settings block, int partitions) {
    Settings settings = block.block("settings");
    Map<String, Map<String, String>> byTopic = new TreeMap<>();
    NAMES.keySet().forEach(topic -> byTopic.put(topic, settings.textMap(topic)));
    return new TopicsConfig(
        block
            .text("prefix")
            .where(prefix -> prefix.matches(NAME_PATTERN), "letters, digits, '.', '_' and '-'")
            .or("tailrace."),
        block.integer("partitions").between(1, MOST_PARTITIONS).or(partitions),
        block
            .integer("replication")
            .where(
                copies -> copies == -1 || (copies >= 1 && copies <= Short.MAX_VALUE),
                "1 or more, or -1 for the cluster's default")
            .or(-1)
            .shortValue(),
        byTopic);
  }

  public Topics topics() {
    return Topics.withPrefix(prefix);
  }

  public TopicCatalogue catalogue() {
    TopicCatalogue catalogue = new TopicCatalogue(topics(), partitions);
    for (Map.Entry<String, Function<Topics, String>> topic : NAMES.entrySet()) {
      Map<String, String> changes = settings.getOrDefault(topic.getKey(), Map.of());
      if (!changes.isEmpty()) {
        catalogue = catalogue.withConfig(topic.getValue().apply(topics()), changes);
      }
    }
    return catalogue;
  }
}
