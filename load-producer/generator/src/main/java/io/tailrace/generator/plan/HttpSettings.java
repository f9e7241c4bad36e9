package io.tailrace.generator.plan;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How requests travel: limits of time, connections and size, and TLS. */
public record HttpSettings(
    int connections,
    int openedAhead,
    long connectTimeoutNanos,
    long drainNanos,
    boolean keepAlive,
    long maxBodyBytes,
    Tls tls) {

  /** Whom to trust, and as whom to appear. */
  public record Tls(
      boolean trustAll,
      boolean verifyHost,
      @Nullable Path authorities,
      @Nullable Path certificate,
      @Nullable Path key) {}
}
