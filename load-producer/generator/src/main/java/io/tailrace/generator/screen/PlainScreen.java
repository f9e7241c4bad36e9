package io.tailrace.generator.screen;

import io.tailrace.generator.LiveView;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.RunScreen;
import io.tailrace.generator.engine.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A line now and then, for logs and pipes. */
public final class PlainScreen implements RunScreen {

  private static final int WIDTH = 100;

  private final PrintWriter out;
  private final long everyNanos;
  private final boolean quiet;
  private long lastNanos = Long.MIN_VALUE;
  private long lastFinished;

  /** A line every so often, and the summary. */
  public PlainScreen(PrintWriter out, Duration every) {
    this(out, every, false);
  }

  private PlainScreen(PrintWriter out, Duration every, boolean quiet) {
    this.out = out;
    this.everyNanos = every.toNanos();
    this.quiet = quiet;
  }

  /** Nothing at all. */
  public static PlainScreen silent(PrintWriter out) {
    return new PlainScreen(out, Duration.ofDays(1), true);
  }

  @Override
  public void say(String line) {
    if (!quiet) {
      out.println(line);
      out.flush();
    }
  }

  @Override
  public void show(LiveView view) {
    long now = System.nanoTime();
    if (quiet || (lastNanos != Long.MIN_VALUE && now - lastNanos < everyNanos)) {
      return;
    }
    Progress progress = view.progress();
    double seconds = lastNanos == Long.MIN_VALUE ? 1 : (now - lastNanos) / 1e9;
    long fresh = progress.finished() - lastFinished;
    lastNanos = now;
    lastFinished = progress.finished();
    say(line(view, fresh / seconds));
  }

  static String line(LiveView view, double finishedPerSecond) {
    Progress progress = view.progress();
    if (progress.elapsedNanos() < 0) {
      return view.phase().isEmpty() ? "starting" : view.phase();
    }
    String line =
        String.format(
            Locale.ROOT,
            "%s of %s: %s/s, %s requests, p95 %s, p99 %s, %s errors, late p99 %s",
            Amounts.span(progress.elapsedNanos()),
            Amounts.span(progress.durationNanos()),
            Amounts.rate(finishedPerSecond),
            Amounts.count(progress.finished()),
            Amounts.time(progress.response().p95()),
            Amounts.time(progress.response().p99()),
            Amounts.count(progress.errors()),
            Amounts.time(progress.lateness().p99()));
    String phase = view.phase().isEmpty() ? "" : " (" + view.phase() + ")";
    return line + phase + (view.bottlenecks().isEmpty() ? "" : "; the generator is the bottleneck");
  }

  @Override
  public void finish(LoadSummary summary) {
    if (!quiet) {
      SummaryLayout.lines(summary, WIDTH).forEach(out::println);
      out.flush();
    }
  }
}
