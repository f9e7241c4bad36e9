package io.tailrace.generator.plan;

import io.tailrace.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the {@code http:} block, without the headers and the login that belong to the steps. */
final class HttpReader {

  private static final int MAX_CONNECTIONS = 60_000;
  private static final long MAX_BODY = 1L << 30;
  private static final Duration LONGEST = Duration.ofHours(1);

  private HttpReader() {}

  static HttpSettings read(Settings http) {
    http.declare("headers", "auth", "timeout");
    int connections = http.integer("connections").between(1, MAX_CONNECTIONS).or(512);
    Duration connect =
        http.duration("connect_timeout")
            .between(Duration.ofMillis(1), LONGEST)
            .or(Duration.ofSeconds(5));
    Duration drain =
        http.duration("drain").between(Duration.ZERO, LONGEST).or(Duration.ofSeconds(10));
    boolean keepAlive = http.flag("keep_alive").or(true);
    int openedAhead = http.integer("open_ahead").between(0, connections).or(0);
    if (openedAhead > 0 && !keepAlive) {
      http.refuse("open_ahead", "0, or keep_alive: true: without it a connection is used once");
    }
    long maxBody = http.size("max_body").between(0L, MAX_BODY).or(16L << 20);
    return new HttpSettings(
        connections,
        openedAhead,
        connect.toNanos(),
        drain.toNanos(),
        keepAlive,
        maxBody,
        tls(http.block("tls")));
  }

  static long timeoutNanos(Settings block, long otherwiseNanos) {
    return block
        .duration("timeout")
        .between(Duration.ofMillis(1), LONGEST)
        .or(Duration.ofNanos(otherwiseNanos))
        .toNanos();
  }

  private static HttpSettings.Tls tls(Settings tls) {
    boolean trustAll = tls.flag("trust_all").or(false);
    HttpSettings.Tls read =
        new HttpSettings.Tls(
            trustAll,
            tls.flag("verify_host").or(!trustAll),
            file(tls, "ca"),
            file(tls, "certificate"),
            file(tls, "key"));
    if ((read.certificate() == null) != (read.key() == null)) {
      tls.refuse(read.key() == null ? "certificate" : "key", "certificate and key together");
    }
    return read;
  }

  private static @Nullable Path file(Settings tls, String key) {
    return tls.path(key)
        .where(Files::isReadable, "a file that can be read")
        .optional()
        .orElse(null);
  }
}
