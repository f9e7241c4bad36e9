package io.tailrace.sink.core.http;

import io.tailrace.config.Redaction;
import io.tailrace.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A place requests go to, and what all of them carry. */
public final class HttpTarget {
  private static final Set<String> PLAIN_HEADERS =
      Set.of("accept", "content-type", "content-encoding", "user-agent");

  private final Http http;
  private final URI base;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final boolean gzipped;
  private final boolean rendered;

  HttpTarget(
      Http http,
      URI base,
      Map<String, String> headers,
      Duration timeout,
      boolean gzipped,
      boolean rendered) {
    if (base.getUserInfo() != null) {
      throw new IllegalArgumentException("a user belongs in keys of its own, not into an address");
    }
    if (base.getHost() == null) {
      throw new IllegalArgumentException(
          base.getScheme() + "://" + base.getRawAuthority() + " names no host to talk to");
    }
    this.http = http;
    this.base = base;
    this.headers = headers;
    this.timeout = timeout;
    this.gzipped = gzipped;
    this.rendered = rendered;
  }

  public HttpTarget withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpTarget(http, base, more, timeout, gzipped, rendered);
  }

  public HttpTarget withBasic(String user, Secret password) {
    String pair = user + ":" + password.reveal();
    return withHeader(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  public HttpTarget withBearer(Secret token) {
    return withHeader("Authorization", "Bearer " + token.reveal());
  }

  /** From the beginning of a request to the end of its answer. */
  public HttpTarget withTimeout(Duration newTimeout) {
    return new HttpTarget(http, base, headers, newTimeout, gzipped, rendered);
  }

  /** Whether bodies of a kilobyte and more are compressed. */
  public HttpTarget withGzip(boolean newGzipped) {
    return new HttpTarget(http, base, headers, timeout, newGzipped, rendered);
  }

  /**
   * Sends one request and waits for its answer, whatever its status. {@link HttpFailure} says that
   * none came, {@link HttpRefused} that the address is forbidden.
   */
  public HttpAnswer send(HttpCall call) throws IOException, InterruptedException {
    return http.send(this, call);
  }

  String host() {
    return plainHost(base);
  }

  /** Without the brackets of IPv6. */
  static String plainHost(URI address) {
    String host = address.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return base.getPort() > 0 ? base.getPort() : isTls() ? 443 : 80;
  }

  boolean isTls() {
    return base.getScheme().toLowerCase(Locale.ROOT).equals("https");
  }

  /** Without a slash at the end: calls bring theirs. */
  String path() {
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
    return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + query;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** What stands in the headers that sign requests, so that no echo of it is shown. */
  Redaction credentials() {
    Redaction redaction = new Redaction();
    headers.forEach(
        (name, value) -> {
          if (!PLAIN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            redaction.hide(value);
            // Authorization: the scheme before the blank is not the secret, what follows is.
            redaction.hide(value.substring(value.indexOf(' ') + 1));
          }
        });
    return redaction;
  }

  Duration timeout() {
    return timeout;
  }

  boolean isGzipped() {
    return gzipped;
  }

  boolean isRendered() {
    return rendered;
  }

  /** Where it is; neither path nor headers, which may hold secrets. */
  @Override
  public String toString() {
    return base.getScheme() + "://" + host() + ":" + port();
  }
}
