package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Answer;
import io.tailrace.generator.plan.Step;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * One connection, carrying one request at a time. Belongs to one event loop. Once anything went
 * wrong it is given up for good: what Vert.x reports about it later is not heard.
 */
final class Exchange {

  private static final byte[] NOTHING = {};

  private final LoadLoop loop;
  private @Nullable HttpClientConnection connection;
  private boolean dead;
  private boolean busy;

  private @Nullable Visit visit;
  private Step step;
  private long dueNanos;
  private long sentNanos;
  private long firstByteNanos;
  private long connectMicros;
  private long bytesSent;
  private long bytesReceived;
  private int status;
  private boolean closing;
  private @Nullable HttpClientResponse response;
  private @Nullable Buffer body;
  private long bytesKept;

  private final Handler<Buffer> onChunk = this::received;
  private final Handler<Void> onEnd = nothing -> ended();
  private final Handler<Throwable> onFailure = this::failed;

  /** For its first step; without a connection it opens one then. */
  Exchange(LoadLoop loop, Step step, @Nullable HttpClientConnection open) {
    this.loop = loop;
    this.step = step;
    if (open != null) {
      keep(open);
    }
  }

  private void keep(HttpClientConnection open) {
    connection = open;
    open.closeHandler(closed -> closed());
    open.exceptionHandler(onFailure);
  }

  /** Sends the visit's step, connecting first where needed. */
  void run(Visit toSend, long nowNanos) {
    visit = toSend;
    step = toSend.step();
    busy = true;
    dueNanos = toSend.dueNanos();
    sentNanos = nowNanos;
    firstByteNanos = 0;
    connectMicros = 0;
    bytesSent = 0;
    bytesReceived = 0;
    status = 0;
    response = null;
    HttpClientConnection open = connection;
    if (open == null) {
      loop.connect().onComplete(this::connected);
    } else {
      request(open);
    }
  }

  private void connected(AsyncResult<HttpClientConnection> result) {
    if (dead) {
      if (result.succeeded()) {
        result.result().close();
      }
      return;
    }
    if (result.failed()) {
      failed(result.cause());
      return;
    }
    HttpClientConnection open = result.result();
    connectMicros = (System.nanoTime() - sentNanos) / 1_000;
    keep(open);
    request(open);
  }

  private void request(HttpClientConnection open) {
    Visit sending = current();
    RequestOptions options = new RequestOptions();
    options.setMethod(HttpMethod.valueOf(step.method()));
    options.setURI(step.address(sending.session()));
    open.request(options).onComplete(this::ready);
  }

  private void ready(AsyncResult<HttpClientRequest> result) {
    if (dead) {
      return;
    }
    if (result.failed()) {
      failed(result.cause());
      return;
    }
    HttpClientRequest request = result.result();
    request.exceptionHandler(onFailure);
    Visit sending = current();
    try {
      step.headers(sending.session(), request::putHeader);
      if (!loop.keepAlive()) {
        request.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      byte[] content = step.body(sending.session());
      request.response().onComplete(this::answered);
      if (content == null) {
        request.end();
      } else {
        bytesSent = content.length;
        request.end(Buffer.buffer(content));
      }
    } catch (IllegalArgumentException e) {
      // A rendered header that HTTP does not allow.
      failed(e);
    }
  }

  private void answered(AsyncResult<HttpClientResponse> result) {
    if (dead) {
      return;
    }
    if (result.failed()) {
      failed(result.cause());
      return;
    }
    firstByteNanos = System.nanoTime();
    HttpClientResponse answer = result.result();
    response = answer;
    status = answer.statusCode();
    closing =
        !loop.keepAlive()
            || answer.version() == HttpVersion.HTTP_1_0
            || "close".equalsIgnoreCase(answer.getHeader(HttpHeaders.CONNECTION));
    answer.handler(onChunk);
    answer.exceptionHandler(onFailure);
    answer.endHandler(onEnd);
  }

  private void received(Buffer chunk) {
    if (dead) {
      return;
    }
    bytesReceived += chunk.length();
    if (bytesReceived > loop.maxBodyBytes()) {
      giveUp(ErrorKind.BODY_TOO_LARGE);
      return;
    }
    if (step.readsBody()) {
      if (!loop.bodies().take(chunk.length())) {
        giveUp(ErrorKind.NO_MEMORY);
        return;
      }
      bytesKept += chunk.length();
      Buffer kept = body;
      if (kept == null) {
        body = chunk.copy();
      } else {
        kept.appendBuffer(chunk);
      }
    }
  }

  private void ended() {
    if (dead || !busy) {
      return;
    }
    long now = System.nanoTime();
    Visit finished = current();
    String error = step.acceptsStatus(status) ? null : ErrorKind.ofStatus(status);
    if (error == null && step.judgesAnswer()) {
      error = judge(finished, now);
    }
    forgetBody();
    loop.outcomes().finished(this, status, error, now);
    busy = false;
    visit = null;
    if (closing) {
      kill();
    }
    loop.finished(this, finished, error == null, now);
  }

  private @Nullable String judge(Visit finished, long now) {
    HttpClientResponse answer = response;
    Buffer kept = body;
    return step.judge(
        new Answer(
            status,
            now - sentNanos,
            name -> answer == null ? null : answer.getHeader(name),
            kept == null ? NOTHING : kept.getBytes()),
        finished.session());
  }

  private void forgetBody() {
    loop.bodies().give(bytesKept);
    bytesKept = 0;
    body = null;
  }

  private void failed(Throwable failure) {
    if (!dead) {
      giveUp(ErrorKind.of(failure));
    }
  }

  private void closed() {
    if (!dead) {
      giveUp(ErrorKind.RESET);
    }
  }

  /** Ends the request with an error and the connection with it. */
  void giveUp(String error) {
    long now = System.nanoTime();
    boolean carrying = busy;
    kill();
    forgetBody();
    if (carrying) {
      Visit finished = current();
      busy = false;
      visit = null;
      loop.outcomes().finished(this, status, error, now);
      loop.finished(this, finished, false, now);
    } else {
      loop.lost(this);
    }
  }

  private void kill() {
    dead = true;
    HttpClientConnection open = connection;
    if (open != null) {
      open.close();
    }
  }

  private Visit current() {
    Visit carried = visit;
    if (carried == null) {
      throw new IllegalStateException("no request is under way on this connection");
    }
    return carried;
  }

  boolean isDead() {
    return dead;
  }

  boolean isOverdue(long nowNanos) {
    return busy && nowNanos - sentNanos > step.timeoutNanos();
  }

  /** Still connecting when it was given up: the target did not even answer the door. */
  String timeoutKind() {
    return connection == null ? ErrorKind.CONNECT_TIMEOUT : ErrorKind.TIMEOUT;
  }

  boolean isBusy() {
    return busy;
  }

  Step step() {
    return step;
  }

  long dueNanos() {
    return dueNanos;
  }

  long sentNanos() {
    return sentNanos;
  }

  long firstByteNanos() {
    return firstByteNanos;
  }

  long connectMicros() {
    return connectMicros;
  }

  long bytesSent() {
    return bytesSent;
  }

  long bytesReceived() {
    return bytesReceived;
  }
}
