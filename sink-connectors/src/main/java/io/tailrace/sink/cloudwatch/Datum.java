package io.tailrace.sink.cloudwatch;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One member of a PutMetricData request.
 *
 * @param counts how often each value occurred; empty when there is one value and it occurred once
 * @param resolution 1 for seconds that are kept, 60 for minutes
 */
@SuppressWarnings("ArrayRecordComponent") // Read, never compared.
record Datum(
    MetricSpec metric,
    Dimensions dimensions,
    long startMicros,
    int resolution,
    double[] values,
    double[] counts) {
  /** Beyond this CloudWatch refuses a datum; a distribution is then several of them. */
  static final int MOST_VALUES = 150;

  // CBOR: a double; the beginning and end of a list or map; all else that every datum has.
  private static final int DOUBLE_BYTES = 9;
  private static final int ENDS_BYTES = 3;
  private static final int NAME_AND_VALUE = ENDS_BYTES + text("Name") + text("Value");
  private static final int FIXED_BYTES =
      ENDS_BYTES
          + text("MetricName")
          + text("Unit")
          + text("Dimensions")
          + ENDS_BYTES
          + text("Timestamp")
          + 1
          + DOUBLE_BYTES
          + text("StorageResolution")
          + 2;

  boolean isSingle() {
    return counts.length == 0;
  }

  /** What it takes in a request's CBOR, or a little more. */
  int bytes() {
    int bytes = FIXED_BYTES + text(metric.name()) + text(metric.unit());
    for (Map.Entry<String, String> each : dimensions.values().entrySet()) {
      bytes += NAME_AND_VALUE + text(each.getKey()) + text(each.getValue());
    }
    if (isSingle()) {
      return bytes + text("Value") + DOUBLE_BYTES;
    }
    int names = text("Values") + text("Counts") + 2 * ENDS_BYTES;
    return bytes + names + DOUBLE_BYTES * (values.length + counts.length);
  }

  private static int text(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return length + (length < 24 ? 1 : length < 256 ? 2 : 3);
  }
}
