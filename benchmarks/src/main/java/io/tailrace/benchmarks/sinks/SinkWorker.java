package io.tailrace.benchmarks.sinks;

import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import io.tailrace.sink.core.runner.Backoff;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers in a process of its own, as a sink or as a bare loop, and says ten times a second how
 * much is acknowledged and how large its heap is.
 */
final class SinkWorker {
  private static final Duration SAY_EVERY = Duration.ofMillis(100);
  // What stands still for so long has failed, whatever it waits for; an outage is shorter.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private SinkWorker() {}

  /**
   * "bare" CASE BODIES-FILE URL COUNT, or "sink" NAME BLOCK-FILE BOOTSTRAP REGISTRY PREFIX GROUP
   * COUNT.
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    if (arguments[0].equals("bare")) {
      bare(
          SinkCase.valueOf(arguments[1]),
          Path.of(arguments[2]),
          arguments[3],
          Integer.parseInt(arguments[4]),
          out);
    } else {
      sink(arguments, out);
    }
  }

  /**
   * As many threads as the sink makes attempts at once, each with the bodies of a lane of its own.
   * Bodies are about equally large, so a body's share of the aggregates is its share of the bytes.
   */
  private static void bare(SinkCase sinkCase, Path file, String url, int count, PrintStream out)
      throws Exception {
    Bodies bodies = Bodies.open(file, sinkCase, sinkCase.attempts());
    double perByte = (double) count / bodies.bytes();
    AtomicLong bytes = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(sinkCase.attempts());
    try (bodies;
        Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT)) {
      HttpTarget target = sinkCase.dressed(http.target(URI.create(url)));
      List<Future<?>> sending = new ArrayList<>();
      for (Bodies.Lane lane : bodies.lanes()) {
        sending.add(threads.submit(() -> send(target, lane, bytes)));
      }
      // Once a lane has ended the others are fewer than the sink's: what they do is not told.
      say(
          () -> Math.round(bytes.get() * perByte),
          () -> sending.stream().anyMatch(Future::isDone),
          () -> "the target does not answer",
          out);
      for (Future<?> lane : sending) {
        Object unused = lane.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static @Nullable Void send(HttpTarget target, Bodies.Lane lane, AtomicLong bytes)
      throws IOException, InterruptedException {
    for (Bodies.Body body = lane.next(); body != null; body = lane.next()) {
      HttpAnswer answer = target.send(HttpCall.post(body.path(), body.contentType(), body.bytes()));
      if (!answer.isSuccess()) {
        throw new IOException("the target refuses what the sink sends: " + answer.brief());
      }
      bytes.addAndGet(body.bytes().length);
    }
    return null;
  }

  private static void sink(String[] arguments, PrintStream out) throws Exception {
    String name = arguments[1];
    SinkProvider provider = Sinks.provider(name);
    Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT);
    Sink sink = Sinks.open(provider, Files.readString(Path.of(arguments[2])), http);
    Map<String, Object> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", arguments[3]);
    kafka.put("schema.registry.url", arguments[4]);
    kafka.put("group.id", arguments[6]);
    try (http;
        SinkRunner runner =
            new SinkRunner(
                RunnerConfig.of(
                    name,
                    Set.of(Feed.AGGREGATES),
                    Topics.withPrefix(arguments[5]),
                    kafka,
                    pace(provider.tuning())),
                sink,
                System::nanoTime)) {
      runner.start();
      long count = Long.parseLong(arguments[7]);
      say(
          () -> runner.status().delivered(),
          () -> runner.status().delivered() >= count || runner.status().deadLettered() > 0,
          () -> runner.status().toString(),
          out);
      if (runner.status().deadLettered() > 0) {
        throw new IllegalStateException("dead letters: " + runner.status());
      }
    }
  }

  private static Pace pace(Tuning tuning) {
    Pace usual = Pace.DEFAULT;
    return new Pace(
        tuning.batchSize(),
        (int) tuning.batchBytes(),
        tuning.flushInterval(),
        tuning.parallelism(),
        tuning.batchBytes(),
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
        usual.misconfiguredPause(),
        usual.drainDeadline());
  }

  /** Until it is over; what makes no step for a minute has failed, and the state says why. */
  private static void say(
      LongSupplier done, BooleanSupplier isOver, Supplier<String> state, PrintStream out)
      throws InterruptedException {
    boolean over;
    long before = -1;
    long stepped = System.nanoTime();
    do {
      Thread.sleep(SAY_EVERY.toMillis());
      over = isOver.getAsBoolean();
      long now = System.nanoTime();
      long count = done.getAsLong();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory();
      long cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
      out.println(now + " " + count + " " + heap + " " + cpu);
      if (out.checkError()) {
        throw new IllegalStateException("nobody listens any more");
      }
      if (count != before) {
        before = count;
        stepped = now;
      } else if (now - stepped > PATIENCE.toNanos()) {
        System.err.println(
            "no step for " + PATIENCE.toSeconds() + " s after " + count + ": " + state.get());
        // Whatever it is that hangs, it must not hang closing as well.
        Runtime.getRuntime().halt(1);
      }
    } while (!over);
  }
}
