package io.tailrace.registry;

import java.io.Serial;
import org.apache.kafka.common.errors.RetriableException;

/** The registry could not be reached, or could not answer; the same request may succeed later. */
public final class RegistryUnavailable extends RetriableException {
  @Serial private static final long serialVersionUID = 1L;

  public RegistryUnavailable(String message) {
    super(message);
  }

  public RegistryUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
