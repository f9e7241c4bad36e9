package io.tailrace.demo;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.Publishing;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.record.RunSummary;
import io.tailrace.service.Shutdown;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** One run of the demonstration, from the first request to the verdict. */
public final class DemoRun {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration SUMMARY_PATIENCE = Duration.ofSeconds(30);

  private final Pipeline pipeline;
  private final Story story;
  private final DemoScreen screen;
  private final Shutdown shutdown;
  private final String run = "demo-" + UUID.randomUUID().toString().substring(0, 8);

  /** With how many columns there are to print in. */
  public DemoRun(Pipeline pipeline, Story story, PrintWriter out, int columns, Shutdown shutdown) {
    this.pipeline = pipeline;
    this.story = story;
    this.screen = new DemoScreen(out, columns);
    this.shutdown = shutdown;
  }

  /** Plays the story and says what came of it. */
  public RunSummary play(Path results) throws IOException, InterruptedException {
    TargetServer target = shutdown.starting("target", () -> TargetServer.start(Story.well()));
    if (!story.healthy()) {
      degrade(target);
    }
    introduce(target, results);
    Plan plan = PlanReader.read(SettingsSource.ofYaml(story.plan(target.url())));
    Publishing publishing = new Publishing(pipeline.clientProperties(), pipeline.topics());
    try (RunFeed feed = new RunFeed(run, pipeline.topics(), pipeline.clientProperties(), screen)) {
      Fleet fleet =
          shutdown.starting("nodes", () -> Fleet.start(plan, run, story.nodes(), publishing));
      screen.header();
      while (!fleet.isDone()) {
        feed.poll(LOOK);
      }
      fleet.requireSound();
      RunSummary summary = awaitSummary(feed);
      screen.report(summary);
      farewell(target, results);
      return summary;
    }
  }

  private RunSummary awaitSummary(RunFeed feed) {
    long end = System.nanoTime() + SUMMARY_PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      feed.poll(LOOK);
      RunSummary summary = screen.finished();
      if (summary != null) {
        return summary;
      }
    }
    throw new IllegalStateException(
        "no summary of run " + run + " came within " + SUMMARY_PATIENCE.toSeconds() + " s");
  }

  private void degrade(TargetServer target) throws IOException, InterruptedException {
    URI address = URI.create(target.url() + "/_admin/degrade?" + story.trouble());
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the target refuses " + address + ": " + answer.body());
    }
  }

  private void introduce(TargetServer target, Path results) {
    screen.print("  kafka      %s", pipeline.bootstrapServers());
    screen.print("  registry   %s", pipeline.registryUrl());
    screen.print("  aggregator %s/metrics", pipeline.metricsUrl());
    screen.print("  target     %s", target.url());
    screen.print("  results    %s", results);
    screen.print("");
    screen.print(
        "  run %s: %d nodes, %.0f requests a second for %d s%s",
        run,
        story.nodes(),
        story.rate(),
        story.duration().toSeconds(),
        story.healthy()
            ? ""
            : "; the target is slow for %.1f s from second %.1f"
                .formatted(
                    story.troubleLasts().toMillis() / 1_000.0,
                    story.troubleStarts().toMillis() / 1_000.0));
  }

  private void farewell(TargetServer target, Path results) {
    screen.print("  target     served %d requests by its own count", target.ledger().received());
    screen.print("");
    screen.print("Try next:");
    screen.print("  cat %s", results.resolve("summary.md"));
    screen.print(story.healthy() ? "  ./tailrace demo" : "  ./tailrace demo --healthy");
    screen.print("  ./tailrace load --help");
  }
}
