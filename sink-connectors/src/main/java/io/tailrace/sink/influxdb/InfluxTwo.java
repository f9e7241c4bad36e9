package io.tailrace.sink.influxdb;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.influxdb.InfluxConfig.Place;
import java.io.IOException;
import java.time.Instant;

/** InfluxDB 2: {@code /api/v2/write} into a bucket. */
final class InfluxTwo implements WriteApi {
  private final HttpTarget target;
  private final Place.Bucket place;

  InfluxTwo(HttpTarget target, Place.Bucket place) {
    this.target = target.withHeader("Authorization", "Token " + place.token().reveal());
    this.place = place;
  }

  @Override
  public Delivery prepare(Instant now) {
    return Delivery.accepted();
  }

  @Override
  public HttpAnswer write(byte[] lines) throws IOException, InterruptedException {
    return target.send(
        HttpCall.post("/api/v2/write", "text/plain; charset=utf-8", lines)
            .withQuery("org", place.org())
            .withQuery("bucket", place.name())
            .withQuery("precision", "us"));
  }

  /**
   * 400 has stored nothing and 422 all but what it counts: neither says which points, and the good
   * ones may come again.
   */
  @Override
  public Delivery classify(HttpAnswer answer, int points, Instant now) {
    return answer.delivery(now);
  }

  @Override
  public Delivery check(Instant now) throws IOException, InterruptedException {
    HttpAnswer answer = write(new byte[0]);
    // Refused for having no points: by then the token and the bucket were found good.
    return answer.status() == 400 ? Delivery.accepted() : answer.delivery(now);
  }
}
