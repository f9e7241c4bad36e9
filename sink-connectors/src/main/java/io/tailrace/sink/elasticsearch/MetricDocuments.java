package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One document for each metric of an aggregate, with the fields that the configuration's mappings
 * name; what has no field of its own goes into the tags, when these are mapped.
 */
final class MetricDocuments {
  static final String NAME = "metric_name";
  static final String VALUE = "metric_value";
  static final String TAGS = "tags";

  /** Every field that a mapping may name. */
  static final Set<String> FIELDS =
      Set.of(
          "timestamp",
          "run_id",
          "test_name",
          "environment",
          "version",
          "series",
          "method",
          "group",
          "window",
          "window_ms",
          "revision",
          "supplement",
          "complete",
          NAME,
          VALUE,
          TAGS);

  private final Set<String> mapped;

  MetricDocuments(Set<String> mapped) {
    this.mapped = Set.copyOf(mapped);
  }

  void write(JsonGenerator json, Aggregate aggregate, String metric, Number value)
      throws IOException {
    Map<String, String> tags = new LinkedHashMap<>();
    json.writeStartObject();
    put(json, tags, "timestamp", DocumentEncoder.time(aggregate.getWindowStartMicros()));
    put(json, tags, "test_name", aggregate.getTestName());
    put(json, tags, "run_id", aggregate.getRun());
    put(json, tags, "environment", aggregate.getEnvironment());
    put(json, tags, "version", aggregate.getVersion());
    Series series = aggregate.getSeries();
    put(json, tags, "series", series.getName());
    put(json, tags, "method", series.getMethod());
    put(json, tags, "group", series.getGroup());
    put(json, tags, "window", DocumentEncoder.window(aggregate));
    if (mapped.contains("window_ms")) {
      json.writeNumberField("window_ms", aggregate.getWindowMicros() / 1_000);
    }
    if (mapped.contains("revision")) {
      json.writeNumberField("revision", aggregate.getRevision());
    }
    put(json, tags, "supplement", aggregate.getSupplement() ? "true" : "");
    if (mapped.contains("complete")) {
      json.writeBooleanField("complete", aggregate.getComplete());
    }
    if (mapped.contains(NAME)) {
      json.writeStringField(NAME, metric);
    }
    if (mapped.contains(VALUE)) {
      // Always a float: the first document would otherwise decide the type of the field.
      json.writeNumberField(VALUE, value.doubleValue());
    }
    if (mapped.contains(TAGS)) {
      aggregate.getTags().forEach((key, text) -> tags.putIfAbsent(key, text));
      series.getTags().forEach((key, text) -> tags.putIfAbsent(key, text));
      json.writeObjectFieldStart(TAGS);
      for (Map.Entry<String, String> tag : tags.entrySet()) {
        json.writeStringField(DocumentEncoder.fieldName(tag.getKey()), tag.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void put(JsonGenerator json, Map<String, String> tags, String field, String value)
      throws IOException {
    if (mapped.contains(field)) {
      json.writeStringField(field, value);
    } else if (!value.isEmpty()) {
      tags.put(field, value);
    }
  }
}
