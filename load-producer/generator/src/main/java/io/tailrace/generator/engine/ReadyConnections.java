package io.tailrace.generator.engine;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connections that are open before there is anything to send. Belongs to one event loop. */
final class ReadyConnections {

  /** More would not be faster, and a target that is slow to accept would refuse them. */
  private static final int AT_ONCE = 64;

  private final Supplier<Future<HttpClientConnection>> connect;
  private final Deque<HttpClientConnection> ready = new ArrayDeque<>();
  private int missing;
  private int opening;

  ReadyConnections(Supplier<Future<HttpClientConnection>> connect) {
    this.connect = connect;
  }

  void open(int count) {
    missing = count;
    openMore();
  }

  private void openMore() {
    while (missing > 0 && opening < AT_ONCE) {
      missing--;
      opening++;
      connect.get().onComplete(this::opened);
    }
  }

  private void opened(AsyncResult<HttpClientConnection> result) {
    opening--;
    if (result.failed()) {
      // The requests connect for themselves then, and say what is wrong.
      missing = 0;
      return;
    }
    HttpClientConnection connection = result.result();
    connection.closeHandler(closed -> ready.remove(connection));
    // Closed with an error or without one: it is only one that is not there any more.
    connection.exceptionHandler(failure -> {});
    ready.addLast(connection);
    openMore();
  }

  /** Opens none beyond those that are being opened. */
  void stop() {
    missing = 0;
  }

  /** One to keep; null when none is ready. */
  @Nullable HttpClientConnection poll() {
    return ready.pollLast();
  }

  boolean isEmpty() {
    return ready.isEmpty();
  }

  /** All that there are, those that are being opened among them. */
  int count() {
    return ready.size() + opening;
  }
}
