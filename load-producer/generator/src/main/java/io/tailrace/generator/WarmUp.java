package io.tailrace.generator;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.engine.EventLoops;
import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.OpenLoad;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.publisher.SamplePublisher;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to a server inside this process until the code that sends them is compiled, so
 * that a run's first second is no later than its last. In short rounds: the end of a run goes other
 * ways than its middle, which makes the compiler throw away what it had assumed.
 */
final class WarmUp {

  private static final Buffer ANSWER =
      Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
  private static final int START_SECONDS = 30;
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final int FEWEST_ROUNDS = 6;

  /** A round that is compiled for less than a sixth of its time is as good as any later one. */
  private static final int QUIET_SHARE = 6;

  private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
  private final Plan sending;
  private final Plan connecting;

  private WarmUp(Plan sending, Plan connecting) {
    this.sending = sending;
    this.connecting = connecting;
  }

  /** Takes as long as there is much to compile, and hardly longer than told. */
  static void run(Plan plan, int eventLoops, boolean publishes, Duration most) {
    if (most.isZero()) {
      return;
    }
    Vertx vertx = EventLoops.open(1);
    try {
      NetServer server =
          vertx
              .createNetServer()
              .connectHandler(WarmUp::serve)
              .listen(0, "127.0.0.1")
              .await(START_SECONDS, TimeUnit.SECONDS);
      WarmUp warmUp = new WarmUp(sendingPlan(plan, server), connectingPlan(server));
      if (publishes) {
        try (SamplePublisher nowhere =
            SamplePublisher.builder().run("warm-up").node("warm-up").startForNothing()) {
          warmUp.rounds(eventLoops, new PublisherSink(nowhere), most);
        }
      } else {
        warmUp.rounds(eventLoops, SampleSink.NONE, most);
      }
      vertx.close().await(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer within " + START_SECONDS + " s", e);
    }
  }

  private static void serve(NetSocket client) {
    client.exceptionHandler(gone -> {});
    client.handler(request -> client.write(ANSWER));
  }

  /**
   * The kind of load decides what code is run. The rate leaves the compiler time; with so few
   * connections some requests find none free.
   */
  private static Plan sendingPlan(Plan plan, NetServer server) {
    String load = plan.load() instanceof OpenLoad ? "rate: 8000" : "users: 16, think_time: 2ms";
    return plan(server, load, "connections: 6");
  }

  /**
   * A load opens its connections in its first moments, all at once: what takes several times as
   * long before it is compiled would make every request of that time late.
   */
  private static Plan connectingPlan(NetServer server) {
    return plan(server, "rate: 1000", "connections: 64, keep_alive: false");
  }

  private static Plan plan(NetServer server, String load, String http) {
    return PlanReader.read(
        SettingsSource.ofYaml(
            """
            target: http://127.0.0.1:%d/
            load: {%s, duration: %dms}
            http: {%s, drain: 100ms}
            """
                .formatted(server.actualPort(), load, ROUND.toMillis(), http)));
  }

  private void rounds(int eventLoops, SampleSink sink, Duration most) {
    RunOptions options = RunOptions.alone().onLoops(eventLoops);
    long began = System.nanoTime();
    boolean quiet = false;
    for (int round = 1; !quiet && System.nanoTime() - began < most.toNanos(); round++) {
      long compiled = compiledMillis();
      long start = System.nanoTime();
      boolean connects = round % 2 == 1;
      try (LoadRun run =
          LoadRun.prepare(connects ? connecting : sending, options, sink.and(SampleSink.NONE))) {
        run.begin();
        run.await(Duration.ofSeconds(START_SECONDS));
        run.progress();
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      quiet =
          !connects
              && round >= FEWEST_ROUNDS
              && (compiledMillis() - compiled) * QUIET_SHARE < millis;
    }
  }

  private long compiledMillis() {
    return compiler == null ? 0 : compiler.getTotalCompilationTime();
  }
}
