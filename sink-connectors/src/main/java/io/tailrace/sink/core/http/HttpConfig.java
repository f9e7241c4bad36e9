package io.tailrace.sink.core.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a sink's HTTP is done.
 *
 * @param timeout from the beginning of a request to the end of its answer
 * @param gzip whether bodies that gain by it are compressed, when the sink does not say
 * @param connections most connections to one host at a time
 * @param keepAlive whether a connection is used again
 * @param idleTimeout how long an unused connection is kept
 * @param largestAnswer most bytes of an answer, unpacked
 * @param certificates PEM file of the authorities to trust instead of Java's own
 * @param proxy what requests go through; none unless it is configured, whatever the environment
 *     says
 */
public record HttpConfig(
    Duration timeout,
    boolean gzip,
    int connections,
    boolean keepAlive,
    Duration idleTimeout,
    int largestAnswer,
    Optional<Path> certificates,
    Optional<HttpProxy> proxy) {
  public static final HttpConfig DEFAULT =
      new HttpConfig(
          Duration.ofSeconds(30),
          true,
          10,
          true,
          Duration.ofMinutes(1),
          8 << 20,
          Optional.empty(),
          Optional.empty());

  public HttpConfig withTimeout(Duration newTimeout) {
    return new HttpConfig(
        newTimeout, gzip, connections, keepAlive, idleTimeout, largestAnswer, certificates, proxy);
  }

  public HttpConfig trusting(Path authorities) {
    return new HttpConfig(
        timeout,
        gzip,
        connections,
        keepAlive,
        idleTimeout,
        largestAnswer,
        Optional.of(authorities),
        proxy);
  }

  public HttpConfig withProxy(HttpProxy through) {
    return new HttpConfig(
        timeout,
        gzip,
        connections,
        keepAlive,
        idleTimeout,
        largestAnswer,
        certificates,
        Optional.of(through));
  }
}
