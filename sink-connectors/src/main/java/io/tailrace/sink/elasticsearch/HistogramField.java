package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tailrace.histogram.HistogramFrame;
import io.tailrace.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * A histogram as Elasticsearch's <a
 * href="https://www.elastic.co/guide/en/elasticsearch/reference/current/histogram.html">histogram
 * field</a>: ascending values, here in milliseconds, and how often each was seen.
 */
final class HistogramField {
  private static final double MICROS_PER_MILLI = 1_000.0;

  private HistogramField() {}

  /** Leaves the field out when there is no histogram, or none that can be read. */
  static void write(JsonGenerator json, String name, @Nullable ByteBuffer framed)
      throws IOException {
    if (framed == null) {
      return;
    }
    byte[] bytes = new byte[framed.remaining()];
    framed.duplicate().get(bytes);
    Histogram histogram;
    try {
      histogram = HistogramFrame.decode(bytes);
    } catch (WireException e) {
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeArrayFieldStart("values");
    for (HistogramIterationValue step : histogram.recordedValues()) {
      json.writeNumber(
          histogram.medianEquivalentValue(step.getValueIteratedTo()) / MICROS_PER_MILLI);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("counts");
    for (HistogramIterationValue step : histogram.recordedValues()) {
      json.writeNumber(step.getCountAtValueIteratedTo());
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
