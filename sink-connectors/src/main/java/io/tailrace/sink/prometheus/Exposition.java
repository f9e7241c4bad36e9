package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs as text, for a scrape or a Pushgateway. */
final class Exposition {
  static final String CONTENT_TYPE = TextFormat.CONTENT_TYPE_004;

  private Exposition() {}

  static Sample sample(String name, Labels labels, double value) {
    return new Sample(
        name,
        new ArrayList<>(labels.values().keySet()),
        new ArrayList<>(labels.values().values()),
        value);
  }

  static Map<MetricSpec, List<Sample>> empty(List<MetricSpec> metrics) {
    Map<MetricSpec, List<Sample>> samples = new LinkedHashMap<>();
    metrics.forEach(metric -> samples.put(metric, new ArrayList<>()));
    return samples;
  }

  static String text(Map<MetricSpec, List<Sample>> samples) {
    List<MetricFamilySamples> families = new ArrayList<>();
    samples.forEach(
        (metric, all) -> {
          if (!all.isEmpty()) {
            families.add(
                new MetricFamilySamples(
                    metric.name(), metric.type().exposed(), metric.help(), all));
          }
        });
    StringWriter text = new StringWriter();
    try {
      TextFormat.write004(text, Collections.enumeration(families));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
