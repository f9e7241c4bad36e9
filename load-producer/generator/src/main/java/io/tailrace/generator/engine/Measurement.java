package io.tailrace.generator.engine;

import io.tailrace.generator.engine.Progress.StepProgress;
import io.tailrace.generator.engine.Progress.Times;
import io.tailrace.generator.plan.OpenLoad;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.plan.Step;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** Puts together what the event loops of one node measured. */
final class Measurement {

  private final Plan plan;
  private final Share node;
  private final List<LoopStats> loops;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Histogram service = new Histogram(LoopStats.MOST_MICROS, 3);
  private final Histogram lateness = new Histogram(LoopStats.MOST_MICROS, 3);
  private final List<Histogram> steps = new ArrayList<>();
  private final long[] loopCpuNanos;
  private long startNanos = Long.MAX_VALUE;
  private long lastNanos;
  private long lastSent;
  private double cpuPercent;

  Measurement(Plan plan, RunOptions options, List<LoopStats> loops) {
    this.plan = plan;
    this.node = options.node();
    this.loops = List.copyOf(loops);
    this.loopCpuNanos = new long[loops.size()];
    this.lastNanos = System.nanoTime();
    for (int i = 0; i < plan.steps().size(); i++) {
      Histogram histogram = new Histogram(1, LoopStats.MOST_MICROS, 3);
      histogram.setAutoResize(true);
      steps.add(histogram);
    }
  }

  synchronized void begin(long start) {
    startNanos = start;
  }

  synchronized Progress progress() {
    long now = System.nanoTime();
    long elapsed = startNanos == Long.MAX_VALUE ? -1 : now - startNanos;
    Histogram interval = new Histogram(LoopStats.MOST_MICROS, 3);
    Histogram recentLateness = new Histogram(LoopStats.MOST_MICROS, 3);
    for (LoopStats loop : loops) {
      drain(loop.service(), service);
      drain(loop.lateness(), recentLateness);
      for (int i = 0; i < steps.size(); i++) {
        AbstractHistogram fresh = loop.steps().get(i).response().getIntervalHistogram();
        interval.add(fresh);
        steps.get(i).add(fresh);
      }
    }
    lateness.add(recentLateness);
    List<StepProgress> progressed = stepProgress();
    long sent = sum(LoopStats::sentRequests);
    double seconds = Math.max(1, now - Math.max(lastNanos, startNanos)) / 1e9;
    double reached = elapsed <= 0 ? 0 : (sent - lastSent) / seconds;
    cpu(now);
    lastSent = sent;
    lastNanos = now;
    return new Progress(
        elapsed,
        plan.load().durationNanos(),
        rateAsked(elapsed),
        reached,
        sum(LoopStats::dueRequests),
        sent,
        progressed.stream().mapToLong(StepProgress::requests).sum(),
        progressed.stream().mapToLong(StepProgress::errors).sum(),
        inFlight(),
        loops.stream().mapToInt(LoopStats::connections).sum(),
        plan.http().connections(),
        times(interval),
        times(total()),
        times(service),
        times(lateness),
        times(recentLateness),
        errorsByKind(),
        progressed,
        sum(LoopStats::bytesReceived),
        cpuPercent,
        fullPercent(elapsed));
  }

  int inFlight() {
    return loops.stream().mapToInt(LoopStats::inFlight).sum();
  }

  private double rateAsked(long elapsed) {
    return plan.load() instanceof OpenLoad open ? open.schedule().rateAt(elapsed) / node.of() : 0;
  }

  private long sum(ToLongFunction<LoopStats> count) {
    return loops.stream().mapToLong(count).sum();
  }

  private static void drain(SingleWriterRecorder from, Histogram into) {
    into.add(from.getIntervalHistogram());
  }

  private Histogram total() {
    Histogram total = new Histogram(LoopStats.MOST_MICROS, 3);
    steps.forEach(total::add);
    return total;
  }

  private List<StepProgress> stepProgress() {
    List<StepProgress> all = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      int at = i;
      Step step = plan.steps().get(i);
      long requests = sum(loop -> loop.steps().get(at).requests());
      long errors = sum(loop -> loop.steps().get(at).errors());
      all.add(
          new StepProgress(step.scenario(), step.name(), requests, errors, times(steps.get(i))));
    }
    return all;
  }

  private Map<String, Long> errorsByKind() {
    Map<String, Long> errors = new TreeMap<>();
    for (LoopStats loop : loops) {
      for (Map.Entry<String, LongAdder> error : loop.errors().entrySet()) {
        errors.merge(error.getKey(), error.getValue().sum(), Long::sum);
      }
    }
    return errors;
  }

  private void cpu(long now) {
    double busiest = 0;
    for (int i = 0; i < loopCpuNanos.length; i++) {
      long thread = loops.get(i).threadId();
      long used = thread < 0 ? 0 : threads.getThreadCpuTime(thread);
      if (used > 0) {
        busiest =
            Math.max(busiest, 100.0 * (used - loopCpuNanos[i]) / Math.max(1, now - lastNanos));
        loopCpuNanos[i] = used;
      }
    }
    cpuPercent = busiest;
  }

  private double fullPercent(long elapsed) {
    long full = sum(LoopStats::fullNanos) / loops.size();
    return elapsed <= 0 ? 0 : Math.min(100, 100.0 * full / elapsed);
  }

  private static Times times(Histogram histogram) {
    long count = histogram.getTotalCount();
    return new Times(
        count,
        count == 0 ? 0 : histogram.getMinValue(),
        count == 0 ? 0 : histogram.getMean(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(75),
        histogram.getValueAtPercentile(90),
        histogram.getValueAtPercentile(95),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getMaxValue());
  }
}
