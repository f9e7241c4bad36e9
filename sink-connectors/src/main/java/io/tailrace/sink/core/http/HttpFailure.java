package io.tailrace.sink.core.http;

import java.io.IOException;

/** No answer came. */
public final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean maybeReceived;

  HttpFailure(String message, boolean maybeReceived, Throwable cause) {
    super(message, cause);
    this.maybeReceived = maybeReceived;
  }

  HttpFailure(String message, boolean maybeReceived) {
    super(message);
    this.maybeReceived = maybeReceived;
  }

  /** Whether the target may have received the request, and done what it asks for. */
  public boolean isMaybeReceived() {
    return maybeReceived;
  }
}
