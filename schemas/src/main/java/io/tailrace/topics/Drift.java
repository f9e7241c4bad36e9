package io.tailrace.topics;

/** One setting of a topic that is not what the catalogue says. */
public record Drift(String topic, String setting, String expected, String actual) {
  /** The setting under which a topic that is not there is reported. */
  public static final String EXISTENCE = "topic";

  /** The setting under which another number of partitions is reported. */
  public static final String PARTITIONS = "partitions";

  @Override
  public String toString() {
    return topic + ": " + setting + " is " + actual + ", expected " + expected;
  }
}
