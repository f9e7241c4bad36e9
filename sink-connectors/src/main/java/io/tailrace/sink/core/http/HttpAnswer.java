package io.tailrace.sink.core.http;

import io.tailrace.config.Redaction;
import io.tailrace.sink.core.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a target answered; header names are in lower case. */
public final class HttpAnswer {
  private static final int LONGEST_SHOWN = 300;
  private static final int LONGEST_READ = 64 * 1024;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Redaction redaction;

  public HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, new Redaction());
  }

  /** Keeps what the request carried as credentials out of what is shown of the answer. */
  HttpAnswer(int status, Map<String, String> headers, byte[] body, Redaction redaction) {
    this.redaction = redaction;
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body.clone();
  }

  public int status() {
    return status;
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public byte[] body() {
    return body.clone();
  }

  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * What most targets mean by this status. A target that says more in its body, such as which of
   * many items it refused, looks there first.
   */
  public Delivery delivery(Instant now) {
    if (isSuccess()) {
      return Delivery.accepted();
    }
    return switch (status) {
      case 408, 421, 423, 425, 429 -> new Delivery.Retry(brief(), retryAfter(now));
      case 401, 403, 404, 405, 407, 410, 415, 501, 505 -> new Delivery.Misconfigured(brief());
      default -> {
        if (status >= 500) {
          yield new Delivery.Retry(brief(), retryAfter(now));
        }
        yield status >= 400 ? new Delivery.Rejected(brief()) : redirected();
      }
    };
  }

  private Delivery redirected() {
    String where = header("location").map(to -> " to " + shown(to)).orElse("");
    return new Delivery.Misconfigured(
        "HTTP "
            + status
            + ": redirected"
            + where
            + "; redirects are not followed, name the target");
  }

  /** How long the target asks to be left alone, at most an hour. */
  public Optional<Duration> retryAfter(Instant now) {
    return header("retry-after")
        .flatMap(text -> seconds(text).or(() -> until(text, now)))
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
  }

  private static Optional<Duration> seconds(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")
        ? Optional.of(Duration.ofMillis((long) (Double.parseDouble(digits) * 1_000)))
        : Optional.empty();
  }

  private static Optional<Duration> until(String text, Instant now) {
    try {
      Instant at =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, at);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The status and the beginning of the body, on one line, for people. */
  public String brief() {
    String text = shown(text());
    return text.isEmpty() ? "HTTP " + status : "HTTP " + status + ": " + text;
  }

  private String shown(String text) {
    // Cleaned before it is cut: half a secret is none that could be recognised.
    String line =
        redaction
            .clean(text.substring(0, Math.min(text.length(), LONGEST_READ)))
            .replaceAll("[\\p{Cntrl}\\s]+", " ")
            .strip();
    return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
  }

  @Override
  public String toString() {
    return brief();
  }
}
