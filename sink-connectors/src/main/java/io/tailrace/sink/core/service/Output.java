package io.tailrace.sink.core.service;

import io.tailrace.config.Redaction;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig.Limits;
import io.tailrace.sink.core.runner.Selection;
import java.util.Set;

/**
 * One configured sink, made and not started.
 *
 * @param name the key of its block
 * @param journal closed with it
 */
record Output(
    String name,
    Sink sink,
    Set<Feed> feeds,
    Pace pace,
    Selection selection,
    Limits limits,
    Http http,
    KafkaOnceJournal journal,
    Redaction redaction)
    implements AutoCloseable {

  /** What the runner does not close: the sink is the runner's. */
  void closeConnections() {
    http.close();
    journal.close();
  }

  @Override
  public void close() {
    sink.close();
    closeConnections();
  }
}
