package io.tailrace.sink.elasticsearch;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
import io.tailrace.sink.core.template.WindowTexts;
import java.util.Map;
import java.util.Optional;

/** Adds the documents of an item to a body, each in its index and under its id. */
final class Documents {
  private static final String INDEX = "index";

  private final ElasticsearchConfig config;
  private final MetricShape shape;
  private final WindowTexts windowIndex;
  private final Optional<MetricDocuments> metricDocuments;

  Documents(ElasticsearchConfig config, MetricShape shape) {
    this.config = config;
    this.shape = shape;
    this.windowIndex = new WindowTexts(Map.of(INDEX, config.index()));
    this.metricDocuments =
        config.mappings().isEmpty()
            ? Optional.empty()
            : Optional.of(new MetricDocuments(config.mappings().keySet()));
  }

  /**
   * @param number the item's number in its batch
   */
  void add(BulkBody body, DocumentEncoder encoder, int number, Item item) {
    switch (item.feed()) {
      case AGGREGATES -> aggregate(body, encoder, number, item.as(Aggregate.class));
      case VIOLATIONS -> violation(body, encoder, number, item.as(Violation.class));
      case RUN_EVENTS -> runEvent(body, encoder, number, item.as(RunEvent.class));
      case SUMMARIES -> summary(body, encoder, number, item.as(RunSummary.class));
    }
  }

  private void aggregate(BulkBody body, DocumentEncoder encoder, int number, Aggregate aggregate) {
    String index = IndexName.of(windowIndex.of(aggregate).getOrDefault(INDEX, ""));
    int revision = aggregate.getRevision();
    Map<String, Number> metrics = shape.of(aggregate);
    if (metricDocuments.isEmpty()) {
      body.add(
          number,
          index,
          DocumentId.of(aggregate),
          revision,
          json -> encoder.aggregate(json, aggregate, metrics));
      return;
    }
    metrics.forEach(
        (metric, value) -> {
          if (Double.isFinite(value.doubleValue())) {
            body.add(
                number,
                index,
                DocumentId.of(aggregate, metric),
                revision,
                json -> metricDocuments.get().write(json, aggregate, metric, value));
          }
        });
  }

  /** One document for an episode, which each change replaces: dated by its beginning. */
  private void violation(BulkBody body, DocumentEncoder encoder, int number, Violation violation) {
    TemplateModel model = TemplateModel.of(violation).at(violation.getSinceMicros());
    body.add(
        number,
        index(config.violationsIndex(), model),
        DocumentId.of(violation),
        violation.getSequence(),
        json -> encoder.violation(json, violation));
  }

  private void runEvent(BulkBody body, DocumentEncoder encoder, int number, RunEvent event) {
    body.add(
        number,
        index(config.eventsIndex(), TemplateModel.of(event)),
        DocumentId.of(event),
        0,
        json -> encoder.runEvent(json, event));
  }

  private void summary(BulkBody body, DocumentEncoder encoder, int number, RunSummary summary) {
    TemplateModel model = TemplateModel.of(summary).at(summary.getStartMicros());
    body.add(
        number,
        index(config.summariesIndex(), model),
        DocumentId.of(summary),
        summary.getRevision(),
        json -> encoder.summary(json, summary, shape.of(summary)));
  }

  private static String index(Template template, TemplateModel model) {
    return IndexName.of(template.render(model));
  }
}
