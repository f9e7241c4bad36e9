package io.tailrace.generator;

import io.tailrace.config.Fault;
import io.tailrace.config.SettingsException;
import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.fleet.CommandChannel;
import io.tailrace.generator.plan.Plan;
import io.tailrace.publisher.CloseReport;
import io.tailrace.publisher.SamplePublisher;
import io.tailrace.publisher.SteadyClock;
import io.tailrace.record.LeaveReason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node's part in a run, from the first check to the summary. */
public final class LoadSession {

  private static final Duration LOOK = Duration.ofMillis(250);

  /** Kafka's clients load most of their code after they have answered for the first time. */
  private static final Duration HEAD_START = Duration.ofSeconds(1);

  private static final Duration FAREWELL = Duration.ofSeconds(60);

  private final Plan plan;
  private final LoadOptions options;
  private final @Nullable Publishing publishing;
  private final RunScreen screen;
  private final SampleSink also;
  private final SteadyClock clock = new SteadyClock();
  private final Bottleneck bottleneck = new Bottleneck();
  private final com.sun.management.OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  private volatile @Nullable String stopReason;
  private @Nullable String abortReason;

  /**
   * Makes a session that nothing has been done for yet.
   *
   * @param publishing null for a run that is only summed up
   */
  public LoadSession(
      Plan plan, LoadOptions options, @Nullable Publishing publishing, RunScreen screen) {
    this(plan, options, publishing, screen, SampleSink.NONE);
  }

  /** As above, with somebody else to hand every request to. */
  public LoadSession(
      Plan plan,
      LoadOptions options,
      @Nullable Publishing publishing,
      RunScreen screen,
      SampleSink also) {
    this.plan = plan;
    this.options = options;
    this.publishing = publishing;
    this.screen = screen;
    this.also = also;
  }

  /**
   * Looks, before any load is sent, whether there are rows for all nodes, the target is there and
   * the scenarios can be played.
   *
   * @throws SettingsException naming what cannot
   */
  public void check(String source, boolean rehearse) {
    List<Fault> faults = new Preflight(plan, source, options.share().of()).faults(rehearse);
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
  }

  /** Stops sending, drains, and leaves; from any thread. */
  public void stop(String reason) {
    stopReason = reason;
  }

  /** Runs to the end. */
  public LoadSummary run() throws InterruptedException {
    WarmUp.run(plan, options.eventLoops(), publishing != null, options.warmUp());
    Publishing to = publishing;
    if (to == null) {
      return run(null, null, SampleSink.NONE.and(also));
    }
    SamplePublisher publisher = to.publisher(plan, options, clock);
    try {
      try (CommandChannel commands = to.commands(options, clock)) {
        return run(publisher, commands, new PublisherSink(publisher).and(also));
      }
    } catch (RuntimeException | InterruptedException e) {
      publisher.leave(LeaveReason.FAILED, String.valueOf(e.getMessage()), FAREWELL);
      throw e;
    }
  }

  private LoadSummary run(
      @Nullable SamplePublisher publisher, @Nullable CommandChannel commands, SampleSink sink)
      throws InterruptedException {
    RunOptions engine = new RunOptions(options.share(), options.eventLoops(), clock);
    try (LoadRun load = LoadRun.prepare(plan, engine, sink)) {
      if (publisher != null) {
        publisher.health(load::inFlight);
      }
      if (awaitStart(load, publisher, commands)) {
        conduct(load, publisher, commands);
      }
      return leave(load, publisher);
    }
  }

  private boolean awaitStart(
      LoadRun load, @Nullable SamplePublisher publisher, @Nullable CommandChannel commands)
      throws InterruptedException {
    Long fixed = options.startAtMicros();
    if (fixed != null) {
      load.begin(nanoTimeOf(fixed));
      return true;
    }
    if (commands == null) {
      load.begin();
      return true;
    }
    if (options.share().of() == 1) {
      load.begin(System.nanoTime() + HEAD_START.toNanos());
      return true;
    }
    long deadline = System.nanoTime() + options.fleetPatience().toNanos();
    while (stopReason == null && System.nanoTime() < deadline) {
      OptionalLong start = commands.awaitStart(LOOK);
      abortReason = commands.abortReason();
      if (abortReason != null) {
        return false;
      }
      if (start.isPresent()) {
        load.begin(nanoTimeOf(start.getAsLong()));
        return true;
      }
      String waiting =
          "waiting for nodes: %d of %d ready"
              .formatted(commands.readyNodes(), options.share().of());
      screen.show(view(load.progress(), publisher, waiting));
    }
    if (stopReason == null) {
      stopReason =
          "only %d of %d nodes were ready within %s"
              .formatted(
                  commands.readyNodes(), options.share().of(), options.fleetPatience().toString());
    }
    return false;
  }

  private long nanoTimeOf(long micros) {
    return System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros - clock.getAsLong());
  }

  private void conduct(
      LoadRun load, @Nullable SamplePublisher publisher, @Nullable CommandChannel commands) {
    boolean stopping = false;
    while (!load.await(LOOK)) {
      abortReason = commands == null ? null : commands.abortReason();
      if (!stopping && (abortReason != null || stopReason != null)) {
        stopping = true;
        load.stop();
      }
      Progress progress = load.progress();
      bottleneck.look(progress, cpuPercent());
      screen.show(view(progress, publisher, stopping ? "stopping" : ""));
    }
  }

  private LoadSummary leave(LoadRun load, @Nullable SamplePublisher publisher) {
    Progress progress = load.progress();
    List<String> reasons = bottleneck.reasons(progress);
    LeaveReason reason = reason();
    String message = message(reasons);
    CloseReport report = publisher == null ? null : publisher.leave(reason, message, FAREWELL);
    LoadSummary summary =
        new LoadSummary(
            plan.name(),
            options.run(),
            options.node(),
            plan.target().toString(),
            progress,
            reason,
            message,
            reasons,
            report);
    screen.finish(summary);
    return summary;
  }

  private LeaveReason reason() {
    if (abortReason != null) {
      return LeaveReason.ABORTED;
    }
    return stopReason == null ? LeaveReason.DONE : LeaveReason.STOPPED;
  }

  /** What the run's record keeps of this node: why it left, and whether it was the bottleneck. */
  private String message(List<String> reasons) {
    String told = abortReason == null ? stopReason : abortReason;
    StringBuilder message = new StringBuilder(told == null ? "" : told);
    if (!reasons.isEmpty()) {
      message
          .append(message.isEmpty() ? "" : "; ")
          .append("the generator was the bottleneck: ")
          .append(String.join("; ", reasons));
    }
    return message.toString();
  }

  private LiveView view(Progress progress, @Nullable SamplePublisher publisher, String phase) {
    return new LiveView(
        plan.name(),
        options.run(),
        options.node(),
        phase,
        progress,
        bottleneck.reasons(progress),
        cpuPercent(),
        publisher == null ? null : publisher.stats());
  }

  private double cpuPercent() {
    return Math.max(0, 100 * system.getProcessCpuLoad());
  }
}
