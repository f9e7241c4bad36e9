package io.tailrace.sink.slack;

import io.tailrace.sink.core.Delivery;
import java.io.IOException;

/** Slack answered, but did not do what was asked of it; knows what follows. */
final class SlackRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Delivery delivery;
  private final String error;
  private final boolean surelyNotDone;

  SlackRefusal(Delivery delivery, String error, boolean surelyNotDone, String reason) {
    super(reason);
    this.delivery = delivery;
    this.error = error;
    this.surelyNotDone = surelyNotDone;
  }

  Delivery delivery() {
    return delivery;
  }

  /** Slack's own word for it, empty where it had none. */
  String error() {
    return error;
  }

  /** False where Slack broke while it may have been at work. */
  boolean isSurelyNotDone() {
    return surelyNotDone;
  }
}
