package io.tailrace.sink.jira;

import io.tailrace.sink.core.Delivery;
import java.io.IOException;

/** Jira answered, but did not do what was asked of it; knows what follows. */
final class JiraRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Delivery delivery;
  private final int status;

  JiraRefusal(int status, Delivery delivery, String reason) {
    super(reason);
    this.status = status;
    this.delivery = delivery;
  }

  int status() {
    return status;
  }

  Delivery delivery() {
    return delivery;
  }

  /** False where a server broke, or gave up waiting, while it may have been at work. */
  boolean isSurelyNotDone() {
    return status < 500 && status != 408;
  }
}
