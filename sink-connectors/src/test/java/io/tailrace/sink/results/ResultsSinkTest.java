package io.tailrace.sink.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ResultsSinkTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NASTY = "GET /a|b\"}}\n<!channel>\u0000\u0007é😀";

  @TempDir Path root;

  @Test
  void reportsTheSameWhicheverTopicComesFirst() throws IOException {
    ResultsSink first = new ResultsSink(root.resolve("first"));
    first.deliver(List.of(item(Feed.AGGREGATES, 0, TestAggregates.total("r1", "*", 10))));
    first.deliver(List.of(item(Feed.SUMMARIES, 0, summary("r1", Verdict.PASSED, 0))));
    ResultsSink second = new ResultsSink(root.resolve("second"));
    second.deliver(List.of(item(Feed.SUMMARIES, 0, summary("r1", Verdict.PASSED, 0))));
    second.deliver(List.of(item(Feed.AGGREGATES, 0, TestAggregates.total("r1", "*", 10))));

    for (String report : RunFolder.REPORTS) {
      assertThat(root.resolve("second/r1").resolve(report))
          .hasSameTextualContentAs(root.resolve("first/r1").resolve(report));
      assertThat(root.resolve("first").resolve(report))
          .hasSameTextualContentAs(root.resolve("first/r1").resolve(report));
    }
  }

  @Test
  void saysThatSomebodyStoppedTheRun() throws IOException {
    RunSummary summary = summary("r1", Verdict.PASSED, 0);
    summary.setStopped("wrong version deployed (by ada)");
    new ResultsSink(root).deliver(List.of(item(Feed.SUMMARIES, 0, summary)));

    assertThat(root.resolve("summary.md"))
        .content()
        .contains("- stopped: wrong version deployed (by ada)");
  }

  @Test
  void carriesTheSummaryTheLedgerAndEverySeriesTotal() throws IOException {
    ResultsSink sink = new ResultsSink(root);
    sink.deliver(
        List.of(
            item(Feed.AGGREGATES, 0, TestAggregates.total("r1", "GET /", 4)),
            item(Feed.AGGREGATES, 1, TestAggregates.total("r1", "POST /", 6)),
            item(Feed.AGGREGATES, 2, TestAggregates.total("r1", "*", 10))));
    sink.deliver(List.of(item(Feed.SUMMARIES, 0, summary("r1", Verdict.INCOMPLETE, 0))));

    JsonNode metrics = JSON.readTree(root.resolve("metrics.json").toFile());
    assertThat(metrics.path("verdict").asText()).isEqualTo("INCOMPLETE");
    assertThat(metrics.path("sla_passed").asBoolean()).isFalse();
    assertThat(metrics.path("metrics").path("requests").asLong()).isEqualTo(10);
    assertThat(metrics.path("metrics").path("response_time_p95").asDouble()).isEqualTo(9.5);
    assertThat(metrics.path("ledger").get(0).path("published").asLong()).isEqualTo(11);
    assertThat(metrics.path("totals").findValuesAsText("series"))
        .containsExactly("*", "POST /", "GET /");
  }

  @Test
  void aNewerRevisionReplacesTheSummaryAndAnOlderOneDoesNot() throws IOException {
    ResultsSink sink = new ResultsSink(root);
    sink.deliver(List.of(item(Feed.SUMMARIES, 1, summary("r1", Verdict.FAILED, 1))));
    sink.deliver(List.of(item(Feed.SUMMARIES, 0, summary("r1", Verdict.PASSED, 0))));

    assertThat(JSON.readTree(root.resolve("metrics.json").toFile()).path("verdict").asText())
        .isEqualTo("FAILED");
  }

  @Test
  void namesFromOutsideBreakNeitherXmlNorMarkdownNorJson() throws Exception {
    ResultsSink sink = new ResultsSink(root);
    sink.deliver(List.of(item(Feed.AGGREGATES, 0, TestAggregates.total("r1", NASTY, 3))));
    RunSummary summary = summary("r1", Verdict.INCOMPLETE, 0);
    summary.setReasons(List.of("node " + NASTY + " fell silent"));
    sink.deliver(List.of(item(Feed.SUMMARIES, 0, summary)));

    Document junit =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(root.resolve("junit.xml").toFile());
    assertThat(((Element) junit.getElementsByTagName("failure").item(0)).getAttribute("message"))
        .contains("<!channel>", "é😀")
        .doesNotContain("\u0000");
    assertThat(JSON.readTree(root.resolve("metrics.json").toFile()).at("/totals/0/series").asText())
        .isEqualTo(NASTY);
    assertThat(Files.readString(root.resolve("summary.md")))
        .contains("GET /a\\|b\"}} \\<!channel\\>")
        .doesNotContain("\u0007");
    assertThat(Files.readAllLines(root.resolve("r1/windows.ndjson"))).hasSize(1);
  }

  @Test
  void aRunIdNamesAFolderInTheRootAndNothingElse() throws IOException {
    ResultsSink sink = new ResultsSink(root.resolve("results"));
    for (String run : List.of("../../etc", "..", "/etc/passwd", ".hidden", "a/b", "a_b")) {
      sink.deliver(List.of(item(Feed.SUMMARIES, 0, summary(run, Verdict.PASSED, 0))));
    }

    assertThat(root).isDirectoryNotContaining(path -> !path.endsWith("results"));
    try (var folders = Files.list(root.resolve("results")).filter(Files::isDirectory)) {
      assertThat(folders).hasSize(6);
    }
  }

  @Test
  void aRunsFolderIsNamedByATemplate() throws IOException {
    ResultsConfig config =
        Settings.of(
                SettingsSource.ofYaml("run_folder: \"{{test_name}}/{{run_id}}\"\nfolder: " + root))
            .read(ResultsConfig::from);
    ResultsSink sink = new ResultsSink(config);
    sink.deliver(List.of(item(Feed.AGGREGATES, 0, TestAggregates.total("r1", "*", 10))));
    assertThat(root.resolve("checkout/r1/windows.ndjson")).exists();

    assertThatThrownBy(
            () ->
                Settings.of(SettingsSource.ofYaml("run_folder: \"{{date.YYYY}}\""))
                    .read(ResultsConfig::from))
        .hasMessageContaining("run_id");
  }

  @Test
  void aFileWhereTheFolderShouldBeIsAMatterOfConfiguration() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "in the way");

    assertThat(
            new ResultsSink(file)
                .deliver(List.of(item(Feed.SUMMARIES, 0, summary("r1", Verdict.PASSED, 0)))))
        .isInstanceOf(Delivery.Misconfigured.class);
  }

  private static Item item(Feed feed, long offset, SpecificRecord value) {
    return new Item(feed, new Origin(feed.name(), 0, offset), value);
  }

  private static RunSummary summary(String run, Verdict verdict, int revision) {
    return RunSummary.newBuilder()
        .setRun(run)
        .setRevision(revision)
        .setDescription(null)
        .setStartMicros(0)
        .setEndMicros(1_500_000)
        .setFirstSampleMicros(1L)
        .setLastSampleMicros(1_400_000L)
        .setRequests(10)
        .setErrors(0)
        .setLate(0)
        .setClamped(0)
        .setThroughput(7.1)
        .setErrorRatePercent(0)
        .setResponseTime(TestAggregates.times())
        .setServiceTime(TestAggregates.times())
        .setSeriesCount(1)
        .setOverflowRequests(0)
        .setLedger(
            List.of(
                new NodeLedger(
                    "n1",
                    0L,
                    11L,
                    10L,
                    0L,
                    1L,
                    0L,
                    0L,
                    0L,
                    0L,
                    0L,
                    true,
                    null,
                    verdict != Verdict.INCOMPLETE)))
        .setObjectives(List.of())
        .setVerdict(verdict)
        .setReasons(List.of())
        .setStopped(null)
        .build();
  }
}
