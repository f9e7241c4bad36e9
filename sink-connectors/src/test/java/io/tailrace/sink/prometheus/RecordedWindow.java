package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramFrame;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.sink.TestAggregates;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Requests of a test, and the aggregate that the aggregator would make of them. */
final class RecordedWindow {
  private final TreeMap<Integer, List<Long>> latencies = new TreeMap<>();

  RecordedWindow add(int status, long latencyMicros) {
    latencies.computeIfAbsent(status, unused -> new ArrayList<>()).add(latencyMicros);
    return this;
  }

  RecordedWindow addAll(RecordedWindow other) {
    other.latencies.forEach((status, values) -> values.forEach(value -> add(status, value)));
    return this;
  }

  void clear() {
    latencies.clear();
  }

  List<Long> all() {
    return latencies.values().stream().flatMap(List::stream).sorted().toList();
  }

  Map<Integer, List<Long>> byStatus() {
    return latencies;
  }

  long errors() {
    return latencies.tailMap(400).values().stream().mapToLong(List::size).sum();
  }

  Aggregate window(String run, Series series, long startMicros, int revision) {
    Aggregate aggregate = TestAggregates.window(run, series.getName(), startMicros, all().size());
    fill(aggregate, series);
    aggregate.setRevision(revision);
    return aggregate;
  }

  Aggregate supplement(String run, Series series, long startMicros, int number) {
    Aggregate aggregate = window(run, series, startMicros, number);
    aggregate.setSupplement(true);
    return aggregate;
  }

  Aggregate total(String run, Series series, long startMicros, long widthMicros) {
    Aggregate aggregate = TestAggregates.total(run, series.getName(), all().size());
    fill(aggregate, series);
    aggregate.setWindowStartMicros(startMicros);
    aggregate.setWindowMicros(widthMicros);
    return aggregate;
  }

  private void fill(Aggregate aggregate, Series series) {
    aggregate.setSeries(series);
    aggregate.setErrors(errors());
    List<StatusShare> shares = new ArrayList<>();
    Map<String, Long> kinds = new TreeMap<>();
    latencies.forEach(
        (status, values) -> {
          long failed = status >= 400 ? values.size() : 0;
          ByteBuffer histogram = latencies.size() == 1 ? null : ByteBuffer.wrap(frame(values));
          shares.add(new StatusShare(status, (long) values.size(), failed, histogram));
          if (failed > 0) {
            kinds.put("http_" + status, failed);
          }
        });
    aggregate.setByStatus(shares);
    aggregate.setErrorKinds(kinds);
    List<Long> all = all();
    if (all.isEmpty()) {
      aggregate.setResponseTime(null);
      aggregate.setServiceTime(null);
      return;
    }
    Distribution times = TestAggregates.times();
    times.setMeanMicros(all.stream().mapToLong(each -> each).average().orElseThrow());
    aggregate.setResponseTime(times);
    aggregate.setServiceTime(times);
    aggregate.setResponseHistogram(ByteBuffer.wrap(frame(all)));
  }

  private static byte[] frame(List<Long> values) {
    Histogram histogram = new Histogram(1, 3_600_000_000L, 3);
    values.forEach(histogram::recordValue);
    return HistogramFrame.encode(histogram);
  }
}
