package io.tailrace.registry;

import java.io.Serial;
import org.apache.kafka.common.KafkaException;

/** The registry's answer is no, and will be no when asked again. */
public final class RegistryRefused extends KafkaException {
  @Serial private static final long serialVersionUID = 1L;

  private static final int NOT_FOUND = 404;

  private final int status;
  private final int errorCode;

  /** With the HTTP status and the registry's own code, such as 40403 for an unknown id. */
  public RegistryRefused(int status, int errorCode, String message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  public int status() {
    return status;
  }

  public int errorCode() {
    return errorCode;
  }

  /** True when the registry knows no such schema, rather than refusing us. */
  public boolean notFound() {
    return status == NOT_FOUND;
  }
}
