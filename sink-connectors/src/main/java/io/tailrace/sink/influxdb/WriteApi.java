package io.tailrace.sink.influxdb;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import java.io.IOException;
import java.time.Instant;

/** How one generation of InfluxDB is written to, and what its answers mean. */
interface WriteApi {

  /**
   * Sees to it that there is a place to write to; what it answers but accepted ends the attempt.
   */
  Delivery prepare(Instant now) throws IOException, InterruptedException;

  HttpAnswer write(byte[] lines) throws IOException, InterruptedException;

  /**
   * What the answer to a write means for its points.
   *
   * @param points how many were sent
   */
  Delivery classify(HttpAnswer answer, int points, Instant now);

  /** What keeps it from being written to, or accepted; leaves no trace. */
  Delivery check(Instant now) throws IOException, InterruptedException;
}
