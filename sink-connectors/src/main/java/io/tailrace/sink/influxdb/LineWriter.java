package io.tailrace.sink.influxdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * Writes points as InfluxDB reads them: <a
 * href="https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/">line
 * protocol</a>. Different names and values stay different. Its array is used again, and names are
 * escaped once: the same few hundred are in every point. Not thread-safe.
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

  private static final String SPECIAL_IN_MEASUREMENTS = ", ";
  private static final String SPECIAL_IN_TAGS_AND_KEYS = ",= ";
  // Where there are more, values of tags differ from point to point: those are not worth keeping.
  private static final int MOST_NAMES = 8_192;
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_NUMBER = 32;

  private final Map<String, byte[]> measurements = new HashMap<>();
  private final Map<String, byte[]> names = new HashMap<>();
  private byte[] bytes = new byte[64 * 1024];
  private int size;
  private char separator;

  void clear() {
    size = 0;
  }

  /** The points that were written since it was cleared, in UTF-8. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** How many bytes it holds on to. */
  int capacity() {
    return bytes.length;
  }

  /** Begins a point; tags without a value are left out, as InfluxDB has none such. */
  LineWriter point(String measurement, SortedMap<String, String> tags) {
    append(escaped(measurement, SPECIAL_IN_MEASUREMENTS, measurements));
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (!tag.getValue().isEmpty()) {
        append(',');
        append(name(tag.getKey()));
        append('=');
        append(name(tag.getValue()));
      }
    }
    separator = ' ';
    return this;
  }

  /** A whole number as such, any other as a float; what is not finite cannot be stored. */
  LineWriter field(String key, Number value) {
    if (value instanceof Long || value instanceof Integer) {
      key(key);
      append(value.longValue());
      append('i');
    } else if (Double.isFinite(value.doubleValue())) {
      key(key);
      decimal(value.doubleValue());
    }
    return this;
  }

  LineWriter field(String key, boolean value) {
    key(key);
    append(Boolean.toString(value));
    return this;
  }

  LineWriter field(String key, String value) {
    key(key);
    append('"');
    append(value.replace("\\", "\\\\").replace("\"", "\\\""));
    append('"');
    return this;
  }

  void end(long timestamp) {
    if (separator == ' ') {
      throw new IllegalStateException("a point needs at least one field");
    }
    append(' ');
    append(timestamp);
    append('\n');
  }

  private void key(String key) {
    append(separator);
    separator = ',';
    append(name(key));
    append('=');
  }

  private byte[] name(String name) {
    return escaped(name, SPECIAL_IN_TAGS_AND_KEYS, names);
  }

  private static byte[] escaped(String name, String special, Map<String, byte[]> known) {
    byte[] before = known.get(name);
    if (before != null) {
      return before;
    }
    byte[] escaped = escaped(name, special).getBytes(StandardCharsets.UTF_8);
    if (name.length() <= LONGEST_NAME) {
      if (known.size() == MOST_NAMES) {
        known.clear();
      }
      known.put(name, escaped);
    }
    return escaped;
  }

  /** Line feeds end a point wherever they are, and a backslash at the end eats what follows it. */
  private static String escaped(String name, String special) {
    StringBuilder text = new StringBuilder(name.length() + 8);
    if (special.equals(SPECIAL_IN_MEASUREMENTS) && name.startsWith("#")) {
      // InfluxDB would take the line for a comment and drop it without a word.
      text.append(GUARD);
    }
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
    return text.toString();
  }

  /** Times are whole microseconds, so most values are thousandths: those are quick to write. */
  private void decimal(double value) {
    long thousandths = (long) Math.rint(value * THOUSANDTHS);
    if (Math.abs(value) >= EXACT_BELOW || thousandths / THOUSANDTHS != value) {
      append(Double.toString(value));
      return;
    }
    if (thousandths < 0) {
      append('-');
    }
    long positive = Math.abs(thousandths);
    int fraction = (int) (positive % 1_000);
    append(positive / 1_000);
    append('.');
    append((char) ('0' + fraction / 100));
    if (fraction % 100 != 0) {
      append((char) ('0' + fraction / 10 % 10));
      if (fraction % 10 != 0) {
        append((char) ('0' + fraction % 10));
      }
    }
  }

  private void append(long number) {
    if (number < 0) {
      append(Long.toString(number));
      return;
    }
    reserve(LONGEST_NUMBER);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
  }

  private void append(String text) {
    append(text.getBytes(StandardCharsets.UTF_8));
  }

  private void append(byte[] text) {
    reserve(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  /** A character of ASCII. */
  private void append(char character) {
    reserve(1);
    bytes[size++] = (byte) character;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
