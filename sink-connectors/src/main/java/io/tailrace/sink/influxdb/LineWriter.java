package io.tailrace.sink.influxdb;

import java.util.Map;
import java.util.SortedMap;

/**
 * Writes points as InfluxDB reads them: <a
 * href="https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/">line
 * protocol</a>. Different names and values stay different.
 */
final class LineWriter {
  /** Stands before what would otherwise be taken for a replacement, and behind a backslash. */
  private static final char GUARD = '\u241B';

  /** The pictures of the control characters, in their order. */
  private static final char PICTURES = '\u2400';

  private static final char PICTURE_OF_DELETE = '\u2421';
  private static final char LAST_PICTURE = '\u243F';
  private static final double THOUSANDTHS = 1_000.0;
  private static final double EXACT_BELOW = 1e12;

  private final StringBuilder text;
  private char separator;

  LineWriter(StringBuilder text) {
    this.text = text;
  }

  /** Begins a point; tags without a value are left out, as InfluxDB has none such. */
  LineWriter point(String measurement, SortedMap<String, String> tags) {
    if (measurement.startsWith("#")) {
      // InfluxDB would take the line for a comment and drop it without a word.
      text.append(GUARD);
    }
    name(measurement, ", ");
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (!tag.getValue().isEmpty()) {
        text.append(',');
        name(tag.getKey(), ",= ");
        text.append('=');
        name(tag.getValue(), ",= ");
      }
    }
    separator = ' ';
    return this;
  }

  /** A whole number as such, any other as a float; what is not finite cannot be stored. */
  LineWriter field(String key, Number value) {
    if (value instanceof Long || value instanceof Integer) {
      key(key).append(value.longValue()).append('i');
    } else if (Double.isFinite(value.doubleValue())) {
      key(key);
      decimal(value.doubleValue());
    }
    return this;
  }

  LineWriter field(String key, boolean value) {
    key(key).append(value);
    return this;
  }

  LineWriter field(String key, String value) {
    key(key).append('"');
    for (int i = 0; i < value.length(); i++) {
      char next = value.charAt(i);
      if (next == '"' || next == '\\') {
        text.append('\\');
      }
      text.append(next);
    }
    text.append('"');
    return this;
  }

  void end(long timestamp) {
    if (separator == ' ') {
      throw new IllegalStateException("a point needs at least one field");
    }
    text.append(' ').append(timestamp).append('\n');
  }

  private StringBuilder key(String key) {
    text.append(separator);
    separator = ',';
    name(key, ",= ");
    return text.append('=');
  }

  /** Line feeds end a point wherever they are, and a backslash at the end eats what follows it. */
  private void name(String name, String special) {
    for (int i = 0; i < name.length(); i++) {
      char next = name.charAt(i);
      if (next < ' ') {
        text.append((char) (PICTURES + next));
      } else if (next == '\u007F') {
        text.append(PICTURE_OF_DELETE);
      } else {
        if (next >= PICTURES && next <= LAST_PICTURE) {
          text.append(GUARD);
        } else if (special.indexOf(next) >= 0) {
          text.append('\\');
        }
        text.append(next);
      }
    }
    if (name.endsWith("\\")) {
      text.append(GUARD);
    }
  }

  /** Times are whole microseconds, so most values are thousandths: those are quick to write. */
  private void decimal(double value) {
    long thousandths = (long) Math.rint(value * THOUSANDTHS);
    if (Math.abs(value) >= EXACT_BELOW || thousandths / THOUSANDTHS != value) {
      text.append(value);
      return;
    }
    if (thousandths < 0) {
      text.append('-');
    }
    long positive = Math.abs(thousandths);
    int fraction = (int) (positive % 1_000);
    text.append(positive / 1_000).append('.').append((char) ('0' + fraction / 100));
    if (fraction % 100 != 0) {
      text.append((char) ('0' + fraction / 10 % 10));
      if (fraction % 10 != 0) {
        text.append((char) ('0' + fraction % 10));
      }
    }
  }
}
