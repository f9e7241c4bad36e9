package io.tailrace.generator.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.Progress.StepProgress;
import io.tailrace.generator.engine.Progress.Times;
import io.tailrace.publisher.CloseReport;
import java.util.Locale;

/** The summary of a run as JSON, for scripts: times in milliseconds. */
public final class SummaryJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SummaryJson() {}

  public static String of(LoadSummary summary) {
    Progress progress = summary.progress();
    ObjectNode root = JSON.createObjectNode();
    root.put("test_name", summary.name())
        .put("run_id", summary.run())
        .put("node", summary.node())
        .put("target", summary.target())
        .put("status", summary.reason().name().toLowerCase(Locale.ROOT))
        .put("message", summary.message())
        .put("duration", progress.sendingNanos() / 1e6)
        .put("due", progress.due())
        .put("sent", progress.sent())
        .put("requests", progress.finished())
        .put("errors", progress.errors())
        .put("error_rate", progress.errorPercent())
        .put("throughput", progress.throughput())
        .put("bytes_received", progress.bytesReceived());
    root.set("response_time", times(progress.response()));
    root.set("service_time", times(progress.service()));
    root.set("lateness", times(progress.lateness()));
    ObjectNode errors = root.putObject("errors_by_kind");
    progress.errorsByKind().forEach(errors::put);
    ArrayNode steps = root.putArray("steps");
    progress.steps().forEach(step -> steps.add(step(step)));
    ArrayNode bottlenecks = root.putArray("bottlenecks");
    summary.bottlenecks().forEach(bottlenecks::add);
    CloseReport published = summary.published();
    if (published != null) {
      root.set("published", published(published));
    }
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static ObjectNode step(StepProgress step) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("scenario", step.scenario())
            .put("name", step.name())
            .put("requests", step.requests())
            .put("errors", step.errors());
    node.set("response_time", times(step.response()));
    return node;
  }

  private static ObjectNode times(Times times) {
    return JSON.createObjectNode()
        .put("min", times.min() / 1e3)
        .put("mean", times.mean() / 1e3)
        .put("p50", times.p50() / 1e3)
        .put("p75", times.p75() / 1e3)
        .put("p90", times.p90() / 1e3)
        .put("p95", times.p95() / 1e3)
        .put("p99", times.p99() / 1e3)
        .put("p999", times.p999() / 1e3)
        .put("max", times.max() / 1e3);
  }

  private static ObjectNode published(CloseReport report) {
    return JSON.createObjectNode()
        .put("acknowledged", report.acknowledged())
        .put("dropped", report.dropped())
        .put("lost", report.lost())
        .put("unacknowledged", report.unacknowledged())
        .put("complete", report.complete());
  }
}
