package io.tailrace.sink.core.template;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.AbstractMap;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A moment in UTC that a path formats: {@code date} is 2026-11-21, {@code date.YYYY.MM} is 2026.11.
 */
final class DateName extends AbstractMap<String, Object> {
  static final String EXPECTED = "YYYY, YY, MM, DD, HH, mm, ss, and - or _ between them";
  private static final Pattern SEGMENT = Pattern.compile("(?:YYYY|YY|MM|DD|HH|mm|ss|[-_])+");

  private final ZonedDateTime moment;
  private final String text;
  private final boolean whole;

  private DateName(ZonedDateTime moment, String text, boolean whole) {
    this.moment = moment;
    this.text = text;
    this.whole = whole;
  }

  static DateName of(Instant moment) {
    ZonedDateTime utc = moment.atZone(ZoneOffset.UTC);
    return new DateName(utc, DateTimeFormatter.ISO_LOCAL_DATE.format(utc), true);
  }

  @Override
  public @Nullable Object get(Object segment) {
    return segment(segment).orElse(null);
  }

  @Override
  public boolean containsKey(Object segment) {
    return segment(segment).isPresent();
  }

  private Optional<DateName> segment(Object segment) {
    if (!(segment instanceof String pattern) || !SEGMENT.matcher(pattern).matches()) {
      return Optional.empty();
    }
    String java = pattern.replace("YYYY", "yyyy").replace("YY", "yy").replace("DD", "dd");
    String next = DateTimeFormatter.ofPattern(java, Locale.ROOT).format(moment);
    return Optional.of(new DateName(moment, whole ? next : text + "." + next, false));
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return Set.of();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DateName date && date.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
