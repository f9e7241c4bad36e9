package io.tailrace.cli;

import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.service.Shutdown;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a small HTTP server to send load to. */
@Command(
    name = "target",
    description = "Run a small HTTP server that is slow, failing or hanging as it is told.",
    footerHeading = "%nThe same names work in a request's query. Examples:%n",
    footer = {
      "  tailrace target --port 8080 --latency 'lognormal(20ms,200ms)' --errors 1%%",
      "  curl 'localhost:8080/a?latency=50ms&status=404'",
      "  curl -X POST 'localhost:8080/_admin/degrade?after=10s&for=20s&latency=300ms'",
      "  curl localhost:8080/_stats"
    })
final class TargetCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Session session;

  @Option(
      names = "--host",
      description = "Address to listen on (default: 127.0.0.1, this machine only).")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "Port to listen on, 0 for any (default: 8080).")
  private int port = 8080;

  @Option(names = "--event-loops", description = "Threads that serve (default: 1).")
  private int eventLoops = 1;

  @Option(
      names = "--latency",
      description =
          "20ms, uniform(10ms,50ms), normal(20ms,5ms), exponential(20ms) or"
              + " lognormal(20ms,200ms), which are median and p99.")
  private @Nullable String latency;

  @Option(names = "--errors", description = "Percent of answers that are errors.")
  private @Nullable String errors;

  @Option(names = "--error-status", description = "Their status (default: 500).")
  private @Nullable String errorStatus;

  @Option(names = "--status", description = "Status of the others (default: 200).")
  private @Nullable String status;

  @Option(names = "--bytes", description = "Size of the bodies (default: 2).")
  private @Nullable String bytes;

  @Option(names = "--hang", description = "Percent of requests that are never answered.")
  private @Nullable String hang;

  @Option(names = "--reset", description = "Percent of requests whose connection is closed.")
  private @Nullable String reset;

  @Option(names = "--stall-every", description = "How often all answers stop for a while.")
  private @Nullable String stallEvery;

  @Option(names = "--stall-for", description = "For how long they stop.")
  private @Nullable String stallFor;

  @Option(names = "--slow-start", description = "How long a cold start lasts.")
  private @Nullable String slowStart;

  @Option(names = "--slow-start-latency", description = "How much slower it begins.")
  private @Nullable String slowStartLatency;

  @Option(names = "--drip", description = "Over how long a body is spread.")
  private @Nullable String drip;

  TargetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw CommandFailure.wrongUsage("--port " + port + ": expected 0 (any) to 65535");
    }
    if (eventLoops < 1 || eventLoops > 256) {
      throw CommandFailure.wrongUsage("--event-loops " + eventLoops + ": expected 1 to 256");
    }
    Behaviour behaviour;
    try {
      behaviour = Behaviour.PROMPT.with(parameters().entrySet());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUsage(String.valueOf(e.getMessage()));
    }
    Shutdown shutdown = Shutdown.install(PATIENCE);
    TargetServer target =
        shutdown.closing("target", TargetServer.start(host, port, behaviour, eventLoops));
    session.out().println(target.url());
    session.out().flush();
    shutdown.await();
    return ExitCode.DONE;
  }

  private Map<String, String> parameters() {
    Map<String, @Nullable String> all = new LinkedHashMap<>();
    all.put("latency", latency);
    all.put("errors", errors);
    all.put("error-status", errorStatus);
    all.put("status", status);
    all.put("bytes", bytes);
    all.put("hang", hang);
    all.put("reset", reset);
    all.put("stall-every", stallEvery);
    all.put("stall-for", stallFor);
    all.put("slow-start", slowStart);
    all.put("slow-start-latency", slowStartLatency);
    all.put("drip", drip);
    Map<String, String> given = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (value != null) {
            given.put(name, value);
          }
        });
    return given;
  }
}
