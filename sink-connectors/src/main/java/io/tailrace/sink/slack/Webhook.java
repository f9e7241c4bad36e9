package io.tailrace.sink.slack;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.Once;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** An incoming webhook: it says something and forgets it. */
final class Webhook implements Outlet {
  static final String POSTED = "posted";
  private static final String JSON = "application/json; charset=utf-8";

  private final HttpTarget target;
  private final Clock clock;

  Webhook(HttpTarget target, Clock clock) {
    this.target = target;
    this.clock = clock;
  }

  @Override
  public String post(Message message) throws IOException, InterruptedException {
    HttpAnswer answer = target.send(HttpCall.post("", JSON, MessageEncoder.webhook(message)));
    if (!answer.isSuccess()) {
      Delivery delivery = answer.delivery(clock.instant());
      throw new SlackRefusal(delivery, "", answer.status() < 500, answer.brief());
    }
    return POSTED;
  }

  /** Nobody can say: a violation told twice is better than one never told. */
  @Override
  public Once.Found find(Message message) {
    return new Once.Found.Unknown(true);
  }

  @Override
  public boolean isLasting() {
    return false;
  }

  @Override
  public void update(String ts, Message message) {
    throw new IllegalStateException("a webhook cannot change what it said");
  }

  /** A message without a text is refused by a webhook that works, and nothing is posted. */
  @Override
  public void check() throws IOException, InterruptedException {
    HttpAnswer answer =
        target.send(HttpCall.post("", JSON, "{\"text\":\"\"}".getBytes(StandardCharsets.UTF_8)));
    if (answer.status() != 400 || !answer.text().contains("no_text")) {
      throw new IOException("the webhook does not work: " + answer.brief());
    }
  }
}
