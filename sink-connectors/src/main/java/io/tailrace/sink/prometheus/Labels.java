package io.tailrace.sink.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** The labels of one time series: sorted, valid and bounded, with their encoding for requests. */
final class Labels {
  private static final String NAME = "__name__";
  private static final int MOST_CHARS = 1_024;
  private static final int CHECKSUM_CHARS = 10;

  private final Map<String, String> values;
  private final byte[] fields;

  private Labels(Map<String, String> values, byte[] fields) {
    this.values = values;
    this.fields = fields;
  }

  /**
   * Labels of a metric; those without a value are left out, as Prometheus would.
   *
   * @param target the labels that a scrape or a push adds by itself, needed in requests only
   */
  static Labels of(String metric, Map<String, String> labels, Map<String, String> target) {
    TreeMap<String, String> values = new TreeMap<>();
    labels.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            values.put(name, bounded(value));
          }
        });
    TreeMap<String, String> all = new TreeMap<>(values);
    target.forEach((name, value) -> all.put(name, bounded(value)));
    all.put(NAME, metric);
    return new Labels(values, encode(all));
  }

  private static byte[] encode(Map<String, String> sorted) {
    ProtoWriter out = new ProtoWriter(256);
    ProtoWriter label = new ProtoWriter(64);
    sorted.forEach(
        (name, value) -> {
          label.clear();
          label.text(1, name);
          label.text(2, value);
          out.message(1, label);
        });
    return out.toByteArray();
  }

  /** All but the metric's name, sorted by name. */
  Map<String, String> values() {
    return values;
  }

  /** The {@code labels} fields of a TimeSeries. */
  byte[] fields() {
    return fields;
  }

  /** A name that every Prometheus takes: letters, digits and underscores. */
  static String validName(String name) {
    StringBuilder valid = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      boolean digit = c >= '0' && c <= '9';
      valid.append(letter || (digit && i > 0) ? c : '_');
    }
    return valid.toString();
  }

  /** What is too long ends in a checksum of the whole, so that it stays different. */
  private static String bounded(String value) {
    if (value.length() <= MOST_CHARS) {
      return value;
    }
    int end = MOST_CHARS - CHECKSUM_CHARS;
    if (Character.isHighSurrogate(value.charAt(end - 1))) {
      end--;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(value.getBytes(StandardCharsets.UTF_8));
    return value.substring(0, end) + String.format("..%08x", checksum.getValue());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
