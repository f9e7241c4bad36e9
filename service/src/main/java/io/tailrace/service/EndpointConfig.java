package io.tailrace.service;

import io.tailrace.config.Settings;

/** Where a service answers for health and metrics; port 0 takes any free one. */
public record EndpointConfig(String host, int port) {
  public static final String BLOCK = "service";
  private static final String LOOPBACK = "127.0.0.1";

  public static EndpointConfig anyLoopbackPort() {
    return new EndpointConfig(LOOPBACK, 0);
  }

  /** Reads the {@code service:} block. */
  public static EndpointConfig from(Settings block) {
    return new EndpointConfig(
        block.text("host").or(LOOPBACK), block.integer("port").between(0, 65_535).or(0));
  }
}
