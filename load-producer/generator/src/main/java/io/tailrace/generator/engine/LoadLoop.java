package io.tailrace.generator.engine;

import io.tailrace.generator.plan.HttpSettings;
import io.tailrace.generator.plan.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's part of the load: its share of the arrivals or users, and its own connections.
 * Nothing in it is shared with another loop.
 */
final class LoadLoop extends VerticleBase {

  private static final long TICK_MILLIS = 1;
  private static final int TICKS_PER_SWEEP = 10;

  /** Not sooner: a target closes what is idle for long. */
  static final long OPEN_AHEAD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpSettings http;
  private final int maxConnections;
  private final int openedAhead;
  private final HttpConnectOptions address;
  private final Supplier<HttpClientAgent> clients;
  private final Outcomes outcomes;
  private final LoopStats stats;
  private final LongFunction<Workload> workloads;
  private final long durationNanos;
  private final BodyBudget bodies;
  private final Promise<Void> done = Promise.promise();

  private final List<Exchange> exchanges = new ArrayList<>();
  private final Deque<Exchange> idle = new ArrayDeque<>();
  private final ReadyConnections ready = new ReadyConnections(this::connect);
  private final Queue<Visit> waiting = new ArrayDeque<>();
  private @Nullable HttpClientAgent client;
  private Workload workload = Workload.NONE;
  private long endNanos;
  private long drainNanos;
  private boolean aborted;
  private boolean sending;
  private int visitsPausing;
  private int inFlight;
  private int ticks;
  private long fullSinceNanos;
  private long fullNanos;

  LoadLoop(
      HttpSettings http,
      int maxConnections,
      int openedAhead,
      HttpConnectOptions address,
      Supplier<HttpClientAgent> clients,
      Outcomes outcomes,
      LoopStats stats,
      LongFunction<Workload> workloads,
      long durationNanos,
      BodyBudget bodies) {
    this.http = http;
    this.maxConnections = maxConnections;
    this.openedAhead = openedAhead;
    this.address = address;
    this.clients = clients;
    this.outcomes = outcomes;
    this.stats = stats;
    this.workloads = workloads;
    this.durationNanos = durationNanos;
    this.bodies = bodies;
  }

  @Override
  public Future<?> start() {
    stats.runsOn(Thread.currentThread().getId());
    client = clients.get();
    return Future.succeededFuture();
  }

  /** Sends from a moment on, which may be past. */
  void begin(long startNanos) {
    context.runOnContext(
        now -> {
          workload = workloads.apply(startNanos);
          endNanos = startNanos + durationNanos;
          drainNanos = endNanos + http.drainNanos();
          at(startNanos - OPEN_AHEAD_NANOS, () -> ready.open(aborted ? 0 : openedAhead));
          // Ticking begins early enough that the first request is on time.
          long first = startNanos - TimeUnit.MILLISECONDS.toNanos(2);
          at(first, () -> vertx.setPeriodic(TICK_MILLIS, this::tick));
        });
  }

  private void at(long nanos, Runnable action) {
    long wait = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
    vertx.setTimer(Math.max(1, wait), timer -> action.run());
  }

  /** Completes when the last request is over. */
  Future<Void> done() {
    return done.future();
  }

  /** Sends nothing new from now on; what is under way may end. */
  void abort() {
    context.runOnContext(
        now -> {
          aborted = true;
          ready.stop();
          long moment = System.nanoTime();
          workload.endAt(moment);
          endNanos = Math.min(endNanos, moment);
          drainNanos = endNanos + http.drainNanos();
          pump(moment);
        });
  }

  private void tick(long timer) {
    long now = System.nanoTime();
    if (++ticks % TICKS_PER_SWEEP == 0) {
      sweep(now);
    }
    pump(now);
    stats.gauges(inFlight, connections(), fullNanos + fullFor(now));
    if (isOver(now)) {
      vertx.cancelTimer(timer);
      HttpClientAgent agent = client;
      Future<Void> closed = agent == null ? Future.succeededFuture() : agent.close();
      closed.onComplete(done);
    }
  }

  private boolean isOver(long now) {
    if (now < endNanos && !workload.isExhausted()) {
      return false;
    }
    if (now >= drainNanos) {
      cutOff(now);
      return true;
    }
    return inFlight == 0 && waiting.isEmpty() && visitsPausing == 0 && !hasDue();
  }

  private boolean hasDue() {
    return workload.nextDueNanos() < endNanos;
  }

  /** The run waits no longer: what is under way or due is recorded as it stands. */
  private void cutOff(long now) {
    aborted = true;
    for (Exchange exchange : List.copyOf(exchanges)) {
      if (exchange.isBusy()) {
        exchange.giveUp(ErrorKind.UNFINISHED);
      }
    }
    for (Visit visit = waiting.poll(); visit != null; visit = waiting.poll()) {
      giveUp(visit, now);
    }
    while (hasDue()) {
      workload.giveUp(now, ErrorKind.OVERLOAD);
    }
  }

  private void sweep(long now) {
    for (int i = exchanges.size() - 1; i >= 0; i--) {
      Exchange exchange = exchanges.get(i);
      if (exchange.isOverdue(now)) {
        exchange.giveUp(exchange.timeoutKind());
      }
    }
  }

  /** Sends whatever is due, as long as there are connections for it. */
  private void pump(long now) {
    // A request that fails at once comes back here through finished(): the outer call goes on.
    if (sending) {
      return;
    }
    sending = true;
    try {
      if (pumpWaiting(now)) {
        pumpDue(now);
      }
    } finally {
      sending = false;
    }
  }

  private boolean pumpWaiting(long now) {
    for (Visit visit = waiting.peek(); visit != null; visit = waiting.peek()) {
      Exchange exchange = take(visit.step());
      if (exchange != null) {
        waiting.remove();
        send(exchange, visit, now);
      } else if (now - visit.dueNanos() > visit.step().timeoutNanos()) {
        waiting.remove();
        giveUp(visit, now);
      } else {
        return false;
      }
    }
    return true;
  }

  private void pumpDue(long now) {
    while (workload.nextDueNanos() <= now) {
      if (hasConnection()) {
        Visit visit = workload.next(now);
        Exchange exchange = visit == null ? null : take(visit.step());
        if (visit != null && exchange != null) {
          send(exchange, visit, now);
        }
      } else if (now - workload.nextDueNanos() > workload.patienceNanos()) {
        workload.giveUp(now, ErrorKind.OVERLOAD);
      } else {
        return;
      }
    }
  }

  private boolean hasConnection() {
    while (!idle.isEmpty() && idle.peekLast().isDead()) {
      idle.removeLast();
    }
    boolean free = !idle.isEmpty() || !ready.isEmpty() || connections() < maxConnections;
    if (!free && fullSinceNanos == 0) {
      fullSinceNanos = System.nanoTime();
    }
    return free;
  }

  private int connections() {
    return exchanges.size() + ready.count();
  }

  private @Nullable Exchange take(Step step) {
    if (!hasConnection()) {
      return null;
    }
    Exchange free = idle.pollLast();
    if (free == null) {
      free = new Exchange(this, step, ready.poll());
      exchanges.add(free);
    }
    return free;
  }

  private void send(Exchange exchange, Visit visit, long now) {
    inFlight++;
    stats.sent((now - visit.dueNanos()) / 1_000);
    exchange.run(visit, now);
  }

  /** A request is over, and its connection is free or dead. */
  void finished(Exchange exchange, Visit visit, boolean succeeded, long now) {
    inFlight--;
    if (exchange.isDead()) {
      exchanges.remove(exchange);
    } else {
      idle.addLast(exchange);
    }
    fullNanos += fullFor(now);
    fullSinceNanos = 0;
    goOn(visit, succeeded, now);
    pump(now);
  }

  /** An idle connection was closed by the target. */
  void lost(Exchange exchange) {
    exchanges.remove(exchange);
    idle.remove(exchange);
  }

  private void goOn(Visit visit, boolean succeeded, long now) {
    long pause = visit.step().pauseNanos();
    boolean mayGoOn = !aborted && (now + pause < endNanos || workload.finishesVisits());
    if (!succeeded || !mayGoOn || !visit.advance(now + pause)) {
      visit.workload().over(visit, now);
    } else if (pause == 0) {
      stats.due();
      waiting.add(visit);
    } else {
      visitsPausing++;
      vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(pause)), timer -> resume(visit));
    }
  }

  private void resume(Visit visit) {
    visitsPausing--;
    long now = System.nanoTime();
    if (aborted) {
      visit.workload().over(visit, now);
    } else {
      stats.due();
      waiting.add(visit);
      pump(now);
    }
  }

  private void giveUp(Visit visit, long now) {
    outcomes.unsent(visit.step(), visit.dueNanos(), now, ErrorKind.OVERLOAD);
    visit.workload().over(visit, now);
  }

  private long fullFor(long now) {
    return fullSinceNanos == 0 ? 0 : now - fullSinceNanos;
  }

  Future<HttpClientConnection> connect() {
    HttpClientAgent agent = client;
    if (agent == null) {
      throw new IllegalStateException("the loop has not started");
    }
    return agent.connect(address);
  }

  Outcomes outcomes() {
    return outcomes;
  }

  BodyBudget bodies() {
    return bodies;
  }

  boolean keepAlive() {
    return http.keepAlive();
  }

  long maxBodyBytes() {
    return http.maxBodyBytes();
  }
}
