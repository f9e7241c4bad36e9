package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The time series that a classic histogram consists of; the last bucket is the infinite one. */
record ClassicLabels(String name, List<Labels> buckets, Labels count, Labels sum) {
  static ClassicLabels of(
      String name, Map<String, String> labels, Map<String, String> target, Buckets buckets) {
    List<Labels> each = new ArrayList<>();
    for (double bound : buckets.boundsSeconds()) {
      each.add(upTo(bound, name, labels, target));
    }
    each.add(upTo(Double.POSITIVE_INFINITY, name, labels, target));
    return new ClassicLabels(
        name,
        each,
        Labels.of(name + "_count", labels, target),
        Labels.of(name + "_sum", labels, target));
  }

  private static Labels upTo(
      double bound, String name, Map<String, String> labels, Map<String, String> target) {
    Map<String, String> withBound = new LinkedHashMap<>(labels);
    withBound.put("le", Collector.doubleToGoString(bound));
    return Labels.of(name + "_bucket", withBound, target);
  }
}
