package io.tailrace.generator.target;

import io.tailrace.config.Durations;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one event loop. */
final class TargetHandler implements Handler<HttpServerRequest> {

  private static final String STATS = "/_stats";
  private static final String DEGRADE = "/_admin/degrade";
  private static final int DRIPS = 10;
  private static final Buffer SMALL = Buffer.buffer("ok");
  private static final Buffer CHUNK = Buffer.buffer(new byte[64 << 10]);

  private final Vertx vertx;
  private final TargetState state;
  private final RandomGenerator random = new SplittableRandom();

  TargetHandler(Vertx vertx, TargetState state) {
    this.vertx = vertx;
    this.state = state;
  }

  @Override
  public void handle(HttpServerRequest request) {
    switch (String.valueOf(request.path())) {
      case STATS -> stats(request);
      case DEGRADE -> admin(request);
      default -> serve(request);
    }
  }

  private void serve(HttpServerRequest request) {
    long now = state.sinceStartNanos();
    TargetLedger.PathCounts counts =
        state
            .ledger()
            .received(
                request.method().name(),
                String.valueOf(request.path()),
                TimeUnit.MICROSECONDS.toSeconds(state.nowMicros()));
    Behaviour behaviour = state.at(now);
    if (request.query() != null) {
      try {
        behaviour = behaviour.with(request.params());
      } catch (IllegalArgumentException e) {
        counts.answered(400);
        request.response().setStatusCode(400).end(e.getMessage() + "\n");
        return;
      }
    }
    long waitNanos =
        TimeUnit.MICROSECONDS.toNanos(behaviour.latency().sampleMicros(random))
            + behaviour.slowStartExtraNanos(now)
            + behaviour.stallRemainingNanos(now);
    if (waitNanos == 0) {
      answer(request, behaviour, counts);
    } else {
      Behaviour chosen = behaviour;
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos + 500_000));
      vertx.setTimer(millis, timer -> answer(request, chosen, counts));
    }
  }

  private void answer(
      HttpServerRequest request, Behaviour behaviour, TargetLedger.PathCounts counts) {
    if (request.response().closed()) {
      return;
    }
    if (drawn(behaviour.hangPercent())) {
      state.ledger().hung();
      return;
    }
    if (drawn(behaviour.resetPercent())) {
      state.ledger().reset();
      request.connection().close();
      return;
    }
    int status = drawn(behaviour.errorPercent()) ? behaviour.errorStatus() : behaviour.status();
    counts.answered(status);
    HttpServerResponse response = request.response().setStatusCode(status);
    if (behaviour.endless()) {
      response.setChunked(true);
      pour(response);
    } else if (behaviour.dripNanos() > 0) {
      drip(response, behaviour);
    } else {
      response.end(body(behaviour.bodyBytes()));
    }
  }

  private boolean drawn(double percent) {
    return percent > 0 && random.nextDouble() * 100 < percent;
  }

  private static Buffer body(int bytes) {
    return bytes == SMALL.length() ? SMALL : Buffer.buffer(new byte[bytes]);
  }

  /** Writes until the client has gone, no faster than it reads, a piece at a time. */
  private void pour(HttpServerResponse response) {
    response.exceptionHandler(gone -> {});
    vertx.setPeriodic(
        1,
        timer -> {
          if (response.closed()) {
            vertx.cancelTimer(timer);
          } else if (!response.writeQueueFull()) {
            response.write(CHUNK);
          }
        });
  }

  private void drip(HttpServerResponse response, Behaviour behaviour) {
    Buffer part = body(Math.max(1, behaviour.bodyBytes() / DRIPS));
    response.putHeader(HttpHeaders.CONTENT_LENGTH, "" + part.length() * DRIPS);
    response.write(part);
    int[] left = {DRIPS - 1};
    long every = Math.max(1, TimeUnit.NANOSECONDS.toMillis(behaviour.dripNanos()) / (DRIPS - 1));
    vertx.setPeriodic(
        every,
        timer -> {
          left[0]--;
          if (response.closed() || left[0] <= 0) {
            vertx.cancelTimer(timer);
          }
          if (!response.closed()) {
            if (left[0] <= 0) {
              response.end(part);
            } else {
              response.write(part);
            }
          }
        });
  }

  private void stats(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.DELETE)) {
      state.ledger().clear();
    }
    json(request, state.ledger().toJson());
  }

  /** {@code POST ?after=10s&for=20s&latency=300ms} degrades, {@code DELETE} recovers. */
  private void admin(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.POST)) {
      try {
        state.degrade(degradation(request));
      } catch (IllegalArgumentException e) {
        request.response().setStatusCode(400).end(e.getMessage() + "\n");
        return;
      }
    } else if (request.method().equals(HttpMethod.DELETE)) {
      state.recover();
    }
    long now = state.sinceStartNanos();
    JsonArray all = new JsonArray();
    state.degradations().forEach(degradation -> all.add(degradation.toJson(now)));
    json(request, new JsonObject().put("degradations", all));
  }

  private Degradation degradation(HttpServerRequest request) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap().addAll(request.params());
    long from = state.sinceStartNanos() + nanos(parameters.get("after"), 0);
    long until = from + nanos(parameters.get("for"), TimeUnit.DAYS.toNanos(1));
    parameters.remove("after").remove("for");
    Behaviour behaviour = state.normal().with(parameters);
    return new Degradation(from, until, behaviour, String.valueOf(request.query()));
  }

  private static long nanos(@Nullable String duration, long otherwise) {
    return duration == null ? otherwise : Durations.parse(duration).toNanos();
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body.encode() + "\n");
  }
}
