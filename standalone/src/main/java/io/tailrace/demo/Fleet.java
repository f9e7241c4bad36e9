package io.tailrace.demo;

import io.tailrace.generator.LiveView;
import io.tailrace.generator.LoadOptions;
import io.tailrace.generator.LoadSession;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.Publishing;
import io.tailrace.generator.RunScreen;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several load nodes in this process, each with its own share, publisher and place in the run. */
public final class Fleet implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The demonstration shows the whole fleet instead. */
  private static final RunScreen SILENT =
      new RunScreen() {
        @Override
        public void say(String line) {}

        @Override
        public void show(LiveView view) {}

        @Override
        public void finish(LoadSummary summary) {}
      };

  private final List<LoadSession> sessions = new ArrayList<>();
  private final List<Future<LoadSummary>> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private Fleet() {}

  /** Starts the nodes; they send nothing before all of them are ready. */
  public static Fleet start(Plan plan, String run, int nodes, Publishing publishing) {
    Fleet fleet = new Fleet();
    for (int i = 0; i < nodes; i++) {
      LoadOptions options =
          new LoadOptions(
              run, "node-" + (i + 1), new Share(i, nodes), 1, null, PATIENCE, Duration.ZERO);
      LoadSession session = new LoadSession(plan, options, publishing, SILENT);
      fleet.sessions.add(session);
      fleet.running.add(fleet.threads.submit(session::run));
    }
    return fleet;
  }

  public boolean isDone() {
    return running.stream().allMatch(Future::isDone);
  }

  /** Throws what a node died of, once all are done. */
  public void requireSound() throws InterruptedException {
    for (Future<LoadSummary> node : running) {
      try {
        node.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a load node failed: " + e.getCause(), e.getCause());
      }
    }
  }

  /** Asks every node to stop, and waits until all have left. */
  @Override
  public void close() {
    sessions.forEach(session -> session.stop("the demonstration was stopped"));
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
