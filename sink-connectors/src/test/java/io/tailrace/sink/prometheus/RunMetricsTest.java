package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import io.tailrace.sink.prometheus.ProtoReader.Field;
import io.tailrace.sink.prometheus.RunShape.Histograms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunMetricsTest {
  private static final long SECOND = 1_000_000;
  private static final long START = 1_700_000_000 * SECOND;
  private static final Series WHOLE = new Series("*", "", "", Map.of());
  private static final Series CART = new Series("GET /cart", "GET", "", Map.of());
  private static final Series PAY = new Series("POST /pay", "POST", "buy", Map.of("team", "a\"b"));
  private static final RunShape SHAPE =
      new RunShape(
          MetricSpec.STANDARD,
          Optional.empty(),
          Map.of("job", "tailrace"),
          Histograms.NATIVE,
          Buckets.DEFAULT);

  private final List<Point> points = new ArrayList<>();

  @Test
  void aCounterBeginsAtZeroAndGrows() {
    RunMetrics run = run();
    run.take(
        new RecordedWindow().add(200, 5_000).add(200, 7_000).window("r", CART, START, 0), points);
    run.take(new RecordedWindow().add(200, 5_000).window("r", CART, START + SECOND, 0), points);

    assertThat(values("load_test_requests_total", Map.of("status", "200")))
        .containsExactly(Map.entry(0L, 0.0), Map.entry(1_000L, 2.0), Map.entry(2_000L, 3.0));
    assertThat(histogram("load_test_response_time_seconds", 2_000)).containsEntry(1, 3L);
  }

  @Test
  void aCorrectionIsInTheNextValue() {
    RunMetrics run = run();
    RecordedWindow first = new RecordedWindow().add(200, 5_000);
    run.take(first.window("r", CART, START, 0), points);
    run.take(new RecordedWindow().add(200, 1).window("r", CART, START + SECOND, 0), points);
    int before = points.size();

    run.take(first.add(200, 9_000).add(500, 1_000).window("r", CART, START, 1), points);
    assertThat(points.subList(before, points.size()))
        .as("nothing but the beginning of what is new")
        .allMatch(point -> point.millis() == START / 1_000 && point.bits() == 0);
    run.take(new RecordedWindow().add(200, 1).supplement("r", CART, START - 5 * SECOND, 1), points);
    run.take(new RecordedWindow().add(200, 1).window("r", CART, START + 2 * SECOND, 0), points);

    assertThat(values("load_test_requests_total", Map.of("status", "200")))
        .containsExactly(
            Map.entry(0L, 0.0),
            Map.entry(1_000L, 1.0),
            Map.entry(2_000L, 2.0),
            Map.entry(3_000L, 5.0));
    assertThat(values("load_test_requests_total", Map.of("status", "500")))
        .containsExactly(Map.entry(0L, 0.0), Map.entry(3_000L, 1.0));
    assertThat(histogram("load_test_response_time_seconds", 3_000)).containsEntry(1, 6L);
  }

  @Test
  void anEmptyWindowAndWhatIsNoNumberCountNothing() {
    RunMetrics run = run();
    Aggregate empty = new RecordedWindow().window("r", WHOLE, START, 0);
    empty.setThroughput(Double.NaN);
    run.take(new RecordedWindow().window("r", CART, START, 0), points);
    run.take(empty, points);
    assertThat(points).noneMatch(point -> point.histogram() != null);
    run.take(new RecordedWindow().add(200, 5_000).window("r", CART, START + SECOND, 0), points);
    run.take(new RecordedWindow().add(200, 5_000).window("r", WHOLE, START + SECOND, 0), points);

    assertThat(values("load_test_requests_total", Map.of()))
        .containsExactly(Map.entry(1_000L, 0.0), Map.entry(2_000L, 1.0));
    assertThat(values("load_test_throughput_rps", Map.of()))
        .containsExactly(Map.entry(1_000L, Double.NaN), Map.entry(2_000L, 1.0));
    assertThat(points)
        .as("no number, and not the NaN that ends a time series")
        .noneMatch(point -> point.bits() == 0x7ff0000000000002L);
  }

  @Test
  void theWholeRunCountsOnlyWhereNoSeriesAreTold() {
    RunMetrics run = run();
    RecordedWindow all = new RecordedWindow().add(200, 5_000).add(503, 7_000);
    Aggregate whole = all.window("r", WHOLE, START, 0);
    whole.setActiveUsers(12);
    run.take(whole, points);
    run.take(all.window("r", CART, START, 0), points);

    assertThat(names())
        .containsExactlyInAnyOrder(
            "load_test_errors_total",
            "load_test_active_users",
            "load_test_throughput_rps",
            "load_test_requests_total",
            "load_test_response_time_seconds");
    assertThat(values("load_test_errors_total", Map.of("error_type", "http_503")))
        .containsExactly(Map.entry(0L, 0.0), Map.entry(1_000L, 1.0));
    assertThat(values("load_test_active_users", Map.of())).containsExactly(Map.entry(1_000L, 12.0));
  }

  @Test
  void otherWidthsAreNotCountedAgain() {
    RunMetrics run = run();
    RecordedWindow requests = new RecordedWindow().add(200, 5_000);
    run.take(requests.window("r", CART, START, 0), points);
    Aggregate wide = requests.window("r", CART, START, 0);
    wide.setWindowMicros(10 * SECOND);
    run.take(wide, points);

    assertThat(values("load_test_requests_total", Map.of("status", "200")))
        .containsExactly(Map.entry(0L, 0.0), Map.entry(1_000L, 1.0));
  }

  @Test
  void theTotalMakesUpForWhatWasNotSeenAndEndsEverything() {
    RunMetrics run = run();
    RecordedWindow seen = new RecordedWindow().add(200, 5_000);
    run.take(seen.window("r", WHOLE, START, 0), points);
    run.take(seen.window("r", CART, START, 0), points);
    RecordedWindow all = new RecordedWindow().addAll(seen).add(200, 6_000).add(500, 20_000);
    run.take(all.total("r", WHOLE, START, SECOND), points);
    assertThat(run.isEnded()).isTrue();
    run.take(all.total("r", CART, START, SECOND), points);

    assertThat(values("load_test_requests_total", Map.of("status", "200")))
        .containsEntry(1_000L, 1.0)
        .containsEntry(1_001L, 2.0)
        .containsEntry(1_002L, Double.NaN);
    assertThat(histogram("load_test_response_time_seconds", 1_001)).containsEntry(1, 3L);
    assertThat(points.stream().filter(p -> p.bits() == 0x7ff0000000000002L).count()).isEqualTo(4);
    assertThat(run.corrections().addedAtTheEnd).isEqualTo(5);
  }

  @Test
  void whatFellSilentIsSaidAgainBeforeItIsForgotten() {
    RunMetrics run = run();
    run.take(new RecordedWindow().add(200, 5_000).window("r", CART, START, 0), points);
    for (int second = 0; second < 130; second++) {
      run.take(
          new RecordedWindow().add(200, 1).window("r", WHOLE, START + second * SECOND, 0), points);
    }
    assertThat(values("load_test_requests_total", Map.of()).keySet())
        .containsExactly(0L, 1_000L, 62_000L, 123_000L);
  }

  @Test
  void pointsOfATimeSeriesAreInOrderAndCountsAreExactWhateverComes() {
    for (int seed = 0; seed < 12; seed++) {
      points.clear();
      new RandomRun(seed).playInto(run(), points);
    }
  }

  @Test
  void theTextIsThatOfPrometheus() {
    RunMetrics run = run();
    RecordedWindow requests = new RecordedWindow().add(200, 3_000).add(503, 70_000);
    run.take(requests.window("r\n1", WHOLE, START, 0), points);
    run.take(requests.window("r\n1", PAY, START, 0), points);

    assertThat(text(run))
        .contains(
            "# TYPE load_test_requests_total counter\n",
            "load_test_requests_total{endpoint=\"POST"
                + " /pay\",group=\"buy\",method=\"POST\",run_id=\"r\\n"
                + "1\",status=\"503\",tag_team=\"a\\\"b\",test_name=\"checkout\",} 1.0\n",
            "# TYPE load_test_response_time_seconds histogram\n",
            "le=\"0.0025\",method=\"POST\",run_id=\"r\\n"
                + "1\",tag_team=\"a\\\"b\",test_name=\"checkout\",} 0.0\n",
            "le=\"0.005\",method=\"POST\",run_id=\"r\\n"
                + "1\",tag_team=\"a\\\"b\",test_name=\"checkout\",} 1.0\n",
            "le=\"+Inf\",method=\"POST\",run_id=\"r\\n"
                + "1\",tag_team=\"a\\\"b\",test_name=\"checkout\",} 2.0\n",
            "_sum{endpoint=\"POST /pay\",group=\"buy\",method=\"POST\",run_id=\"r\\n1\","
                + "tag_team=\"a\\\"b\",test_name=\"checkout\",} 0.073\n")
        .endsWith("\n");
  }

  private static String text(RunMetrics run) {
    Map<MetricSpec, List<Sample>> samples = Exposition.empty(MetricSpec.STANDARD);
    run.expose(samples);
    return Exposition.text(samples);
  }

  private static RunMetrics run() {
    return new RunMetrics(new RecordedWindow().add(200, 1).window("r\n1", CART, START, 0), SHAPE);
  }

  /** A run with late windows, supplements and totals, beside a plain count of all its requests. */
  private static final class RandomRun {
    private final Random random;
    private final Map<Series, TreeMap<Long, RecordedWindow>> windows = new HashMap<>();
    private final Map<Series, RecordedWindow> all = new HashMap<>();
    private final Map<Series, Map<Long, Integer>> revisions = new HashMap<>();

    RandomRun(int seed) {
      random = new Random(seed);
    }

    void playInto(RunMetrics run, List<Point> points) {
      int seconds = 5 + random.nextInt(80);
      for (int second = 0; second < seconds; second++) {
        window(run, points, CART, START + second * SECOND);
        if (random.nextInt(3) > 0) {
          window(run, points, PAY, START + second * SECOND);
        }
        window(run, points, WHOLE, START + second * SECOND);
        if (random.nextInt(4) == 0) {
          window(run, points, CART, START + random.nextInt(second + 1) * SECOND);
        }
        if (random.nextInt(8) == 0) {
          RecordedWindow late = requests();
          all.computeIfAbsent(CART, unused -> new RecordedWindow()).addAll(late);
          run.take(late.supplement("r", CART, START - SECOND * random.nextInt(500), 1), points);
        }
      }
      all.forEach(
          (series, requests) ->
              run.take(requests.total("r", series, START, seconds * SECOND), points));
      check(points);
    }

    /** A new window, or another revision of one there was. */
    private void window(RunMetrics run, List<Point> points, Series series, long start) {
      RecordedWindow more = requests();
      all.computeIfAbsent(series, unused -> new RecordedWindow()).addAll(more);
      RecordedWindow window =
          windows
              .computeIfAbsent(series, unused -> new TreeMap<>())
              .computeIfAbsent(start, unused -> new RecordedWindow())
              .addAll(more);
      int revision =
          revisions
              .computeIfAbsent(series, unused -> new HashMap<>())
              .merge(start, 1, Integer::sum);
      run.take(window.window("r", series, start, revision - 1), points);
    }

    private RecordedWindow requests() {
      RecordedWindow requests = new RecordedWindow();
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        int status = random.nextInt(20) == 0 ? 500 : random.nextInt(10) == 0 ? 304 : 200;
        requests.add(status, 1 + (long) Math.exp(random.nextDouble() * 16));
      }
      return requests;
    }

    private void check(List<Point> points) {
      Map<Labels, Long> lastMillis = new HashMap<>();
      Map<Labels, Double> lastValue = new HashMap<>();
      for (Point point : points) {
        Long before = lastMillis.put(point.labels(), point.millis());
        assertThat(before == null || before < point.millis()).isTrue();
        double value =
            point.histogram() == null
                ? Double.longBitsToDouble(point.bits())
                : NativeBucketsTest.field(ProtoReader.read(point.histogram()), 1).asLong();
        if (point.bits() != 0x7ff0000000000002L && !isStale(point)) {
          Double former = lastValue.put(point.labels(), value);
          assertThat(isGauge(point) || former == null || former <= value).isTrue();
        }
      }
      lastValue.forEach((labels, value) -> checkCount(labels, value));
    }

    private void checkCount(Labels labels, double value) {
      Map<String, String> given = new HashMap<>();
      LabelsTest.written(labels).forEach(each -> given.put(each.getKey(), each.getValue()));
      Series series = "GET /cart".equals(given.get("endpoint")) ? CART : PAY;
      if ("load_test_requests_total".equals(given.get("__name__"))) {
        assertThat(value).isEqualTo(requests(series, given.getOrDefault("status", "")));
      } else if ("load_test_response_time_seconds".equals(given.get("__name__"))) {
        assertThat(value).isEqualTo(told(series).all().size());
      } else if ("load_test_errors_total".equals(given.get("__name__"))) {
        assertThat(value).isEqualTo((double) told(WHOLE).errors());
      }
    }

    private RecordedWindow told(Series series) {
      return all.getOrDefault(series, new RecordedWindow());
    }

    private int requests(Series series, String status) {
      return told(series).byStatus().getOrDefault(Integer.parseInt(status), List.of()).size();
    }

    private static boolean isGauge(Point point) {
      return LabelsTest.written(point.labels())
          .contains(Map.entry("__name__", "load_test_throughput_rps"));
    }

    private static boolean isStale(Point point) {
      return point.histogram() != null
          && Double.isNaN(
              NativeBucketsTest.field(ProtoReader.read(point.histogram()), 3).asDouble());
    }
  }

  private List<String> names() {
    return points.stream()
        .flatMap(point -> LabelsTest.written(point.labels()).stream())
        .filter(label -> label.getKey().equals("__name__"))
        .map(Map.Entry::getValue)
        .distinct()
        .toList();
  }

  /** The values of a metric by the milliseconds since the start. */
  private Map<Long, Double> values(String metric, Map<String, String> labels) {
    TreeMap<Long, Double> values = new TreeMap<>();
    for (Point point : points) {
      List<Map.Entry<String, String>> all = LabelsTest.written(point.labels());
      if (all.contains(Map.entry("__name__", metric)) && all.containsAll(labels.entrySet())) {
        values.put(point.millis() - START / 1_000, Double.longBitsToDouble(point.bits()));
      }
    }
    return values;
  }

  /** The plain fields of the histogram written at so many milliseconds. */
  private Map<Integer, Long> histogram(String metric, long millis) {
    Map<Integer, Long> fields = new HashMap<>();
    for (Point point : points) {
      byte[] histogram = point.histogram();
      if (histogram != null
          && point.millis() == START / 1_000 + millis
          && LabelsTest.written(point.labels()).contains(Map.entry("__name__", metric))) {
        List<Field> read = ProtoReader.read(histogram);
        fields.put(1, NativeBucketsTest.field(read, 1).asLong());
        double counted =
            NativeBucketsTest.contents(read).values().stream().mapToDouble(each -> each).sum();
        assertThat(counted).isEqualTo((double) NativeBucketsTest.field(read, 1).asLong());
      }
    }
    return fields;
  }
}
