package io.tailrace.sink.core.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Collects an answer until it is too large or too late. */
final class CappedBody implements BodyStream<Buffer> {
  private final int largest;
  private final BooleanSupplier late;
  private final Buffer body = Buffer.buffer();
  private final Promise<Buffer> result = Promise.promise();

  CappedBody(int largest, BooleanSupplier late) {
    this.largest = largest;
    this.late = late;
  }

  @Override
  public Future<Buffer> result() {
    return result.future();
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    if (late.getAsBoolean()) {
      return refuse("the answer goes on beyond the deadline");
    }
    if (body.length() + chunk.length() > largest) {
      return refuse("the answer is larger than " + largest + " bytes");
    }
    body.appendBuffer(chunk);
    return Future.succeededFuture();
  }

  private Future<Void> refuse(String why) {
    HttpFailure failure = new HttpFailure(why, true);
    result.tryFail(failure);
    return Future.failedFuture(failure);
  }

  @Override
  public Future<Void> end() {
    result.tryComplete(body);
    return Future.succeededFuture();
  }

  /** The connection broke. */
  @Override
  public void handle(Throwable cause) {
    result.tryFail(cause);
  }

  @Override
  public CappedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  @Override
  public CappedBody setWriteQueueMaxSize(int size) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public CappedBody drainHandler(@Nullable Handler<Void> handler) {
    return this;
  }
}
