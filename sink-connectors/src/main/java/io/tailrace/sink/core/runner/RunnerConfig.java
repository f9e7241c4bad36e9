package io.tailrace.sink.core.runner;

import io.tailrace.config.Redaction;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.topics.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * What one runner does.
 *
 * @param name the sink's, which its consumer group is named after
 * @param kafka client properties, the registry's keys among them
 * @param selection which records are delivered
 * @param limits how a target is spared
 * @param memory of what has to be the same in the next life
 * @param redaction takes secrets out of reasons
 * @param seconds hears how long each attempt took, from several threads
 */
public record RunnerConfig(
    String name,
    Set<Feed> feeds,
    Topics topics,
    Map<String, Object> kafka,
    Pace pace,
    Selection selection,
    Limits limits,
    OnceJournal memory,
    Redaction redaction,
    DoubleConsumer seconds) {

  /**
   * How a target is spared.
   *
   * @param mostFailures in a row; after them the target is left alone
   * @param pause for how long
   * @param attemptsPerSecond at most; infinite for no limit
   * @param seriesPerRun at most, the whole run not counted; {@link Integer#MAX_VALUE} for no limit
   */
  public record Limits(
      int mostFailures, Duration pause, double attemptsPerSecond, int seriesPerRun) {
    public static final Limits NONE =
        new Limits(
            Integer.MAX_VALUE, Duration.ofSeconds(30), Double.POSITIVE_INFINITY, Integer.MAX_VALUE);
  }

  public RunnerConfig {
    feeds = Set.copyOf(feeds);
    kafka = Map.copyOf(kafka);
  }

  /** Everything, as fast as it can, timed for nobody. */
  public static RunnerConfig of(
      String name, Set<Feed> feeds, Topics topics, Map<String, Object> kafka, Pace pace) {
    return new RunnerConfig(
        name,
        feeds,
        topics,
        kafka,
        pace,
        Selection.ALL,
        Limits.NONE,
        OnceJournal.inMemory(),
        new Redaction(),
        seconds -> {});
  }
}
