package io.tailrace.generator;

/** Shows a run to whoever started it. */
public interface RunScreen extends AutoCloseable {

  /** A line that is worth keeping. */
  void say(String line);

  void show(LiveView view);

  void finish(LoadSummary summary);

  @Override
  default void close() {}
}
