package io.tailrace.benchmarks.sinks;

import io.tailrace.histogram.HistogramFrame;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunMode;
import io.tailrace.record.StatusShare;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregator makes of a few seconds of a run of 5,000 requests a second: series of uneven
 * weight, log-normal times that differ from series to series and from second to second, one request
 * in a hundred failed, and the times of each status where there are several.
 */
final class MixedSeconds {
  private static final int REQUESTS = 5_000;
  private static final int SECONDS = 16;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final long LARGEST = 3_600_000_000L;

  private final List<Aggregate[]> seconds = new ArrayList<>();

  /** The requests of one series in one second. */
  private static final class Window {
    final Histogram response = new Histogram(LARGEST, 3);
    final Histogram service = new Histogram(LARGEST, 3);
    final Histogram good = new Histogram(LARGEST, 3);
    final Histogram bad = new Histogram(LARGEST, 3);

    void add(long latency, long delay, boolean failed) {
      response.recordValue(latency + delay);
      service.recordValue(latency);
      (failed ? bad : good).recordValue(latency + delay);
    }
  }

  /**
   * @param series of which the first is the whole run
   */
  MixedSeconds(int series) {
    Random random = new Random(11);
    for (int second = 0; second < SECONDS; second++) {
      Window[] windows = new Window[series];
      for (int i = 0; i < series; i++) {
        windows[i] = new Window();
      }
      for (int i = 0; i < REQUESTS; i++) {
        // Squared, so that the first series has a seventh of the requests and the last a hundredth.
        int of = 1 + (int) ((series - 1) * random.nextDouble() * random.nextDouble());
        long latency = logNormal(random, 4_000 + 2_400 * of, 0.6);
        long delay = logNormal(random, 60, 0.7);
        boolean failed = random.nextInt(100) == 0;
        windows[0].add(latency, delay, failed);
        windows[of].add(latency, delay, failed);
      }
      Aggregate[] aggregates = new Aggregate[series];
      for (int i = 0; i < series; i++) {
        aggregates[i] = aggregate(i, windows[i]);
      }
      seconds.add(aggregates);
    }
  }

  private static long logNormal(Random random, long median, double sigma) {
    return Math.max(2, (long) (median * Math.exp(sigma * random.nextGaussian())));
  }

  /** The same object again after some seconds: to be written before the next is asked for. */
  Aggregate of(int series, long second) {
    return seconds.get((int) (second % SECONDS))[series];
  }

  private static Aggregate aggregate(int series, Window window) {
    long requests = window.response.getTotalCount();
    long errors = window.bad.getTotalCount();
    return Aggregate.newBuilder()
        .setRun("")
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion("1.2.3")
        .setTags(Map.of("team", "payments"))
        .setMode(RunMode.LIVE)
        .setSeries(MadeUpAggregates.series(series))
        .setWindowStartMicros(0)
        .setWindowMicros(1_000_000)
        .setTotal(false)
        .setRevision(0)
        .setSupplement(false)
        .setNodesReported(8)
        .setNodesExpected(8)
        .setComplete(true)
        .setCoveredMicros(1_000_000)
        .setRequests(requests)
        .setErrors(errors)
        .setLate(0)
        .setClamped(0)
        .setThroughput((double) requests)
        .setErrorRatePercent(requests == 0 ? 0 : 100.0 * errors / requests)
        .setResponseTime(times(window.response))
        .setServiceTime(times(window.service))
        .setLatenessMeanMicros(requests == 0 ? null : 77.5)
        .setLatenessMaxMicros(requests == 0 ? null : 611L)
        .setFirstByteMeanMicros(requests == 0 ? null : window.service.getMean() * 0.9)
        .setConnectMeanMicros(requests == 0 ? null : 45.0)
        .setByStatus(shares(window))
        .setErrorKinds(errors == 0 ? Map.of() : Map.of("HTTP 503", errors))
        .setBytesSent(320 * requests)
        .setBytesReceived(2_900 * requests)
        .setActiveUsers(200)
        .setCpuPercent(41.5)
        .setMemoryMb(812.0)
        .setResponseHistogram(requests == 0 ? null : frame(window.response))
        .setServiceHistogram(requests == 0 ? null : frame(window.service))
        .build();
  }

  private static List<StatusShare> shares(Window window) {
    long good = window.good.getTotalCount();
    long bad = window.bad.getTotalCount();
    if (bad == 0 || good == 0) {
      // One status has the series' own histogram.
      return good + bad == 0
          ? List.of()
          : List.of(new StatusShare(bad == 0 ? OK : UNAVAILABLE, good + bad, bad, null));
    }
    return List.of(
        new StatusShare(OK, good, 0L, frame(window.good)),
        new StatusShare(UNAVAILABLE, bad, bad, frame(window.bad)));
  }

  private static ByteBuffer frame(Histogram histogram) {
    return ByteBuffer.wrap(HistogramFrame.encode(histogram));
  }

  private static @Nullable Distribution times(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return null;
    }
    return new Distribution(
        histogram.getMinValue(),
        histogram.getMean(),
        histogram.getMaxValue(),
        histogram.getStdDeviation(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(75),
        histogram.getValueAtPercentile(90),
        histogram.getValueAtPercentile(95),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9));
  }
}
