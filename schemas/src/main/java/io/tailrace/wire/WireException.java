package io.tailrace.wire;

import java.io.Serial;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Bytes that will never be readable, with the reason; it carries no stack trace, so that a flood is
 * cheap.
 */
public final class WireException extends SerializationException {
  @Serial private static final long serialVersionUID = 1L;

  private final WireFault fault;

  public WireException(WireFault fault, String message) {
    super(fault.reason() + ": " + message);
    this.fault = fault;
  }

  public WireException(WireFault fault, String message, Throwable cause) {
    super(fault.reason() + ": " + message, cause);
    this.fault = fault;
  }

  public WireFault fault() {
    return fault;
  }
}
