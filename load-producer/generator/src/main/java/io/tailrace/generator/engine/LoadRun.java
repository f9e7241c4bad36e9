package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Casting;
import io.tailrace.generator.plan.ClosedLoad;
import io.tailrace.generator.plan.OpenLoad;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.Share;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One node's run of a plan, from its start to the last answer. For all threads. */
public final class LoadRun implements AutoCloseable {

  private static final int DEPLOY_SECONDS = 30;

  /** A node that comes later than this was started again: it takes its share from now on. */
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Vertx vertx;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final Measurement measurement;
  private final long headStartNanos;
  private final Future<?> done;

  private LoadRun(Plan plan, RunOptions options, SampleSink sink) {
    vertx = EventLoops.open(options.eventLoops());
    List<LoopStats> stats = new ArrayList<>();
    Casting casting = new Casting(plan, options.node(), options.clock());
    HttpTransport transport = new HttpTransport(vertx, plan);
    for (int i = 0; i < options.eventLoops(); i++) {
      LoopStats loopStats = new LoopStats(plan);
      stats.add(loopStats);
      Outcomes outcomes = new Outcomes(sink, loopStats, options.clock());
      Share loop = new Share(i, options.eventLoops());
      loops.add(loop(plan, options, loop, transport, casting, outcomes, loopStats));
    }
    measurement = new Measurement(plan, options, stats);
    headStartNanos =
        plan.http().openedAhead() > 0
            ? LoadLoop.OPEN_AHEAD_NANOS
            : TimeUnit.MILLISECONDS.toNanos(10);
    AtomicInteger next = new AtomicInteger();
    await(
        vertx.deployVerticle(
            () -> loops.get(next.getAndIncrement()),
            new DeploymentOptions().setInstances(loops.size())));
    done = Future.join(loops.stream().map(LoadLoop::done).toList());
  }

  /** Prepares everything; nothing is sent until {@link #begin}. */
  public static LoadRun prepare(Plan plan, RunOptions options, SampleSink sink) {
    return new LoadRun(plan, options, sink);
  }

  /** Begins at a moment of {@code System.nanoTime()}, which may be past for a node that is late. */
  public void begin(long startNanos) {
    measurement.begin(startNanos);
    loops.forEach(loop -> loop.begin(startNanos));
  }

  /** Begins at once, or as soon as there was time to open connections ahead. */
  public void begin() {
    begin(System.nanoTime() + headStartNanos);
  }

  private static LoadLoop loop(
      Plan plan,
      RunOptions options,
      Share loop,
      HttpTransport transport,
      Casting casting,
      Outcomes outcomes,
      LoopStats stats) {
    HttpConnectOptions address =
        new HttpConnectOptions().setHost(plan.host()).setPort(plan.port()).setSsl(plan.tls());
    return new LoadLoop(
        plan.http(),
        (int) Math.max(1, loop.ofTotal(plan.http().connections())),
        (int) loop.ofTotal(plan.http().openedAhead()),
        address,
        transport::client,
        outcomes,
        stats,
        startNanos ->
            workload(plan, options.node().part(loop), loop, casting, outcomes, stats, startNanos),
        plan.load().durationNanos(),
        BodyBudget.ofHeap(options.eventLoops()));
  }

  private static Workload workload(
      Plan plan,
      Share share,
      Share loop,
      Casting casting,
      Outcomes outcomes,
      LoopStats stats,
      long startNanos) {
    if (plan.load() instanceof OpenLoad open) {
      int maxVisits = (int) Math.max(1, loop.ofTotal(open.maxSessions()));
      OpenWorkload arrivals =
          new OpenWorkload(open, share, maxVisits, casting, outcomes, stats, startNanos);
      long now = System.nanoTime();
      if (now - startNanos > LATE_NANOS) {
        arrivals.skipUntil(now);
      }
      return arrivals;
    }
    if (plan.load() instanceof ClosedLoad closed) {
      return new ClosedWorkload(closed, share, casting, outcomes, stats, startNanos);
    }
    throw new IllegalStateException("no such load: " + plan.load());
  }

  /** What was measured so far; the part since the last call is in its interval. */
  public Progress progress() {
    return measurement.progress();
  }

  /** Sends nothing new from now on; what is under way may end within the plan's drain time. */
  public void stop() {
    loops.forEach(LoadLoop::abort);
  }

  /** Requests under way at this moment. */
  public int inFlight() {
    return measurement.inFlight();
  }

  /** Waits for the end; false when it has not come within the time given. */
  public boolean await(Duration patience) {
    try {
      done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      future.await(DEPLOY_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the event loops did not answer within 30 s", e);
    }
  }
}
