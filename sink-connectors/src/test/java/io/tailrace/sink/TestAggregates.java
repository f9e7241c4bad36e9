package io.tailrace.sink;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunMode;
import io.tailrace.record.Series;
import java.util.List;
import java.util.Map;

/** Aggregates for tests, all fields filled that a test does not care about. */
public final class TestAggregates {
  private TestAggregates() {}

  public static Aggregate window(String run, String series, long startMicros, long requests) {
    return aggregate(run, series, startMicros, requests, false);
  }

  public static Aggregate total(String run, String series, long requests) {
    return aggregate(run, series, 0, requests, true);
  }

  private static Aggregate aggregate(
      String run, String series, long startMicros, long requests, boolean total) {
    return Aggregate.newBuilder()
        .setRun(run)
        .setTestName("checkout")
        .setEnvironment("")
        .setVersion("")
        .setTags(Map.of())
        .setMode(RunMode.LIVE)
        .setSeries(new Series(series, "", "", Map.of()))
        .setWindowStartMicros(startMicros)
        .setWindowMicros(1_000_000)
        .setTotal(total)
        .setRevision(0)
        .setSupplement(false)
        .setNodesReported(1)
        .setNodesExpected(1)
        .setComplete(true)
        .setCoveredMicros(1_000_000)
        .setRequests(requests)
        .setErrors(0)
        .setLate(0)
        .setClamped(0)
        .setThroughput((double) requests)
        .setErrorRatePercent(0)
        .setResponseTime(times())
        .setServiceTime(times())
        .setLatenessMeanMicros(null)
        .setLatenessMaxMicros(null)
        .setFirstByteMeanMicros(null)
        .setConnectMeanMicros(null)
        .setByStatus(List.of())
        .setErrorKinds(Map.of())
        .setBytesSent(null)
        .setBytesReceived(null)
        .setActiveUsers(null)
        .setCpuPercent(null)
        .setMemoryMb(null)
        .setResponseHistogram(null)
        .setServiceHistogram(null)
        .build();
  }

  public static Distribution times() {
    return new Distribution(
        1_000L, 5_000.0, 10_000L, 100.0, 5_000L, 7_500L, 9_000L, 9_500L, 9_900L, 9_990L);
  }
}
