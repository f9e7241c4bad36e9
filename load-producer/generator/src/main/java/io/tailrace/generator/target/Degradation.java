package io.tailrace.generator.target;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** A span of time, in nanoseconds since the target's start, in which it behaves differently. */
record Degradation(long fromNanos, long untilNanos, Behaviour behaviour, String parameters) {

  boolean covers(long sinceStartNanos) {
    return sinceStartNanos >= fromNanos && sinceStartNanos < untilNanos;
  }

  JsonObject toJson(long sinceStartNanos) {
    return new JsonObject()
        .put("parameters", parameters)
        .put("startsInMs", Math.max(0, TimeUnit.NANOSECONDS.toMillis(fromNanos - sinceStartNanos)))
        .put("endsInMs", Math.max(0, TimeUnit.NANOSECONDS.toMillis(untilNanos - sinceStartNanos)));
  }
}
