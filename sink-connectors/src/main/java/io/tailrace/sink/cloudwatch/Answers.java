package io.tailrace.sink.cloudwatch;

import io.tailrace.config.Redaction;
import io.tailrace.sink.core.http.HttpAnswer;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What an answer, or its absence, says about the request: the error code decides, the status where
 * there is none.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html">Common
 *     errors</a>
 */
final class Answers {
  private static final int LONGEST_SHOWN = 300;

  /** Keys, rights, signatures and addresses: the same for every request. */
  private static final Set<String> MISCONFIGURED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "AuthFailure",
          "ExpiredToken",
          "ExpiredTokenException",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "InvalidAction",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "NotAuthorized",
          "OptInRequired",
          "RequestExpired",
          "RequestInTheFuture",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch",
          "UnknownOperationException",
          "UnrecognizedClientException");

  /** What is said of a signature that is too old or too new, among other things. */
  private static final Set<String> ABOUT_TIME =
      Set.of(
          "AuthFailure",
          "InvalidSignatureException",
          "RequestExpired",
          "RequestInTheFuture",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch");

  private static final Set<Integer> MISCONFIGURED_STATUSES = Set.of(401, 403, 404, 405, 407);

  private Answers() {}

  static Outcome outcome(AwsServiceException e, Redaction secrets, Instant now) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    String reason = reason(code, details, e.statusCode(), secrets);
    int status = e.statusCode();
    if (e.isThrottlingException() || code.startsWith("Throttl")) {
      return new Outcome.Later(reason, retryAfter(details, now));
    }
    if (status == 500 || status == 503) {
      return new Outcome.Later(reason, retryAfter(details, now));
    }
    if (status >= 500 || status < 200) {
      // Said by something in between, which may have passed the request on.
      return new Outcome.InDoubt(reason);
    }
    if (MISCONFIGURED.contains(code) || status < 400 || MISCONFIGURED_STATUSES.contains(status)) {
      return new Outcome.Misconfigured(reason);
    }
    return status == 408
        ? new Outcome.Later(reason, retryAfter(details, now))
        : new Outcome.Refused(reason);
  }

  /** By how much the service's clock is ahead, when an answer may be about the time. */
  static OptionalLong secondsAhead(AwsServiceException e, Instant now) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null || details.errorCode() == null) {
      return OptionalLong.empty();
    }
    Optional<String> date = details.sdkHttpResponse().firstMatchingHeader("Date");
    if (date.isEmpty() || !ABOUT_TIME.contains(details.errorCode())) {
      return OptionalLong.empty();
    }
    try {
      Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get(), Instant::from);
      return OptionalLong.of(Duration.between(now, theirs).toSeconds());
    } catch (DateTimeException unreadable) {
      return OptionalLong.empty();
    }
  }

  private static String reason(
      String code, @Nullable AwsErrorDetails details, int status, Redaction secrets) {
    String message = details == null ? null : details.errorMessage();
    return "HTTP "
        + status
        + (code.isEmpty()
            ? ""
            : ", " + code + ": " + brief(message == null ? "" : secrets.clean(message)));
  }

  private static Optional<Duration> retryAfter(@Nullable AwsErrorDetails details, Instant now) {
    if (details == null || details.sdkHttpResponse() == null) {
      return Optional.empty();
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("Retry-After")
        .flatMap(
            text -> new HttpAnswer(503, Map.of("retry-after", text), new byte[0]).retryAfter(now));
  }

  /** No answer: what failed before a byte had left is certain, all else is not. */
  static Outcome outcome(SdkClientException e, URI endpoint) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof HttpRetryException refused) {
        // How Java's client tells of a 401 or a 407; nothing was done.
        return new Outcome.Misconfigured("HTTP " + refused.responseCode() + " from " + endpoint);
      }
      if (isUnsent(each)) {
        return new Outcome.Later(
            "cannot connect to " + endpoint + ": " + brief(each.getMessage()), Optional.empty());
      }
    }
    return new Outcome.InDoubt("no answer from " + endpoint + ": " + brief(e.getMessage()));
  }

  private static boolean isUnsent(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || cause instanceof UnknownHostException
        || cause instanceof SSLHandshakeException
        || cause instanceof CertificateException
        || (cause instanceof SocketTimeoutException
            && brief(cause.getMessage()).toLowerCase(Locale.ROOT).contains("connect"));
  }

  static String brief(@Nullable String text) {
    String line = text == null ? "" : text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
  }
}
