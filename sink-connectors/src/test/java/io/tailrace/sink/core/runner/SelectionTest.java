package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.objective.Glob;
import io.tailrace.objective.SeriesSelector;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final Origin ORIGIN = new Origin("t", 0, 0);

  @Test
  void choosesRunsAndTestsOfEveryFeed() {
    List<Item> items =
        List.of(
            item(Feed.AGGREGATES, TestAggregates.window("r1", "*", 0, 1)),
            item(Feed.VIOLATIONS, TestRuns.violation("r1", ViolationState.OPENED, 0)),
            item(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.STARTED)),
            item(Feed.SUMMARIES, TestRuns.passed("r1")));

    assertThat(items).allMatch(Selection.ALL::includes);
    assertThat(items).allMatch(of("r*", "checkout")::includes);
    assertThat(items).noneMatch(of("other", "checkout")::includes);
    assertThat(items).noneMatch(of("r1", "search*")::includes);
  }

  @Test
  void choosesSeriesAndSizesOfWindows() {
    Selection narrow =
        new Selection(
            List.of(),
            List.of(),
            List.of(),
            List.of(SeriesSelector.parse("GET *")),
            Set.of(1_000_000L),
            false);
    assertThat(narrow.includes(window("GET /"))).isTrue();
    assertThat(narrow.includes(window("*"))).isFalse();
    assertThat(narrow.includes(item(Feed.AGGREGATES, TestAggregates.total("r1", "GET /", 1))))
        .isFalse();
    Selection tens =
        new Selection(List.of(), List.of(), List.of(), List.of(), Set.of(10_000_000L), true);
    assertThat(tens.includes(window("GET /"))).isFalse();
    assertThat(tens.includes(item(Feed.AGGREGATES, TestAggregates.total("r1", "GET /", 1))))
        .isTrue();
  }

  @Test
  void choosesAndRenamesMetrics() {
    MetricShape shape =
        new MetricShape(
            List.of(Glob.of("throughput"), Glob.of("response_time_p9*")),
            Map.of("throughput", "rps"));
    assertThat(shape.of(TestAggregates.window("r1", "*", 0, 1)).keySet())
        .containsExactly(
            "rps",
            "response_time_p90",
            "response_time_p95",
            "response_time_p99",
            "response_time_p999");
    assertThat(MetricShape.ALL.of(TestRuns.passed("r1"))).containsKey("error_rate");
  }

  private static Selection of(String run, String test) {
    return new Selection(
        List.of(Glob.of(run)), List.of(Glob.of(test)), List.of(), List.of(), Set.of(), true);
  }

  private static Item window(String series) {
    return item(Feed.AGGREGATES, TestAggregates.window("r1", series, 0, 1));
  }

  private static Item item(Feed feed, SpecificRecord value) {
    return new Item(feed, ORIGIN, value);
  }
}
