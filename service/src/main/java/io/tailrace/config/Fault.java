package io.tailrace.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param source the file, or the flag or environment variable that gave the value
 * @param line the line in the file, 0 where there is none
 * @param key the path of the key, such as {@code outputs.influxdb.batch_size}
 * @param problem what was given, and what was expected
 */
public record Fault(String source, int line, String key, String problem) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source);
    if (line > 0) {
      text.append(':').append(line);
    }
    if (!key.isEmpty()) {
      text.append(": ").append(key);
    }
    return text.append(": ").append(problem).toString();
  }
}
