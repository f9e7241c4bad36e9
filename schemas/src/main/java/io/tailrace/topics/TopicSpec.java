package io.tailrace.topics;

import java.util.Map;

/** What a topic should be; settings that are not named here are left to the cluster. */
public record TopicSpec(String name, int partitions, Map<String, String> config) {
  public TopicSpec {
    config = Map.copyOf(config);
  }
}
