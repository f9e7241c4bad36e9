package io.tailrace.demo;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.SettingsSource;
import io.tailrace.generator.Publishing;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.record.RunSummary;
import io.tailrace.service.Shutdown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of the demonstration, from the first request to the verdict. */
public final class DemoRun {
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration SUMMARY_PATIENCE = Duration.ofSeconds(30);

  private final Pipeline pipeline;
  private final TargetServer target;
  private final Story story;
  private final DemoScreen screen;
  private final Path results;
  private final Shutdown shutdown;
  private final String run = "demo-" + UUID.randomUUID().toString().substring(0, 8);

  private DemoRun(
      Pipeline pipeline,
      TargetServer target,
      Story story,
      DemoScreen screen,
      Path results,
      Shutdown shutdown) {
    this.pipeline = pipeline;
    this.target = target;
    this.story = story;
    this.screen = screen;
    this.results = results;
    this.shutdown = shutdown;
  }

  /**
   * Starts the target and the cluster; the shutdown closes them again.
   *
   * @param data where the broker keeps its data, null for a folder that goes with the process
   */
  public static DemoRun start(
      Story story, @Nullable Path data, Path results, DemoScreen screen, Shutdown shutdown) {
    CompletableFuture<TargetServer> target =
        CompletableFuture.supplyAsync(
            () -> shutdown.starting("target", () -> TargetServer.start(Story.well())));
    Pipeline pipeline = Pipeline.startCluster(data, results, shutdown);
    return new DemoRun(pipeline, target.join(), story, screen, results, shutdown);
  }

  /** How the cluster is reached. */
  public KafkaConnection kafka() {
    return pipeline.kafka();
  }

  /** Plays the story and says what came of it. */
  public RunSummary play() throws InterruptedException, ExecutionException {
    Plan plan = PlanReader.read(SettingsSource.ofYaml(story.plan(target.url())));
    Publishing publishing = new Publishing(pipeline.kafka().clientProperties(), pipeline.topics());
    // Nodes and services come up side by side: what the nodes publish waits in the cluster.
    Fleet fleet =
        shutdown.starting("nodes", () -> Fleet.start(plan, run, story.nodes(), publishing));
    CompletableFuture<Void> trouble =
        story.healthy() ? CompletableFuture.completedFuture(null) : Trouble.of(story, target);
    pipeline.startServices();
    screen.introduce(run, story, pipeline, target.url(), results);
    try (RunFeed feed =
        new RunFeed(run, pipeline.topics(), pipeline.kafka().clientProperties(), screen)) {
      screen.header(plan.objectives().size());
      awaitFirstRequest(fleet, feed);
      while (!fleet.isDone()) {
        look(feed);
      }
      goOnUnlessStopped();
      fleet.requireSound();
      trouble.get();
      RunSummary summary = awaitSummary(feed);
      screen.report(summary, target.ledger().received());
      awaitReports();
      return summary;
    }
  }

  private void awaitFirstRequest(Fleet fleet, RunFeed feed) {
    BooleanSupplier begun = () -> target.ledger().received() > 0 || fleet.isDone();
    if (!poll(feed, START_PATIENCE, begun)) {
      throw new IllegalStateException(
          "the nodes sent nothing within " + START_PATIENCE.toSeconds() + " s");
    }
  }

  private RunSummary awaitSummary(RunFeed feed) {
    poll(feed, SUMMARY_PATIENCE, () -> screen.finished() != null);
    RunSummary summary = screen.finished();
    if (summary == null) {
      throw new IllegalStateException(
          "no summary of run " + run + " came within " + SUMMARY_PATIENCE.toSeconds() + " s");
    }
    return summary;
  }

  private void look(RunFeed feed) {
    goOnUnlessStopped();
    feed.poll(LOOK);
  }

  /** Whoever asked the process to end wants to see it end, and not what the nodes made of it. */
  private void goOnUnlessStopped() {
    if (shutdown.isRequested()) {
      screen.sentence("Stopped; closing everything.");
    }
    while (shutdown.isRequested()) {
      LockSupport.park();
    }
  }

  /** False when patience ran out before it was so. */
  private boolean poll(RunFeed feed, Duration patience, BooleanSupplier until) {
    long end = System.nanoTime() + patience.toNanos();
    while (!until.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      look(feed);
    }
    return true;
  }

  /** The sink writes them from the same records that the screen has read. */
  private void awaitReports() throws InterruptedException {
    Path last = results.resolve(run).resolve("summary.md");
    long end = System.nanoTime() + SUMMARY_PATIENCE.toNanos();
    while (!Files.exists(last)) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "no results came to %s within %d s; is there room, and may it be written to?"
                .formatted(results, SUMMARY_PATIENCE.toSeconds()));
      }
      goOnUnlessStopped();
      Thread.sleep(LOOK.toMillis());
    }
  }
}
