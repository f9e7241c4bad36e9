package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Step;
import org.jspecify.annotations.Nullable;

/** Takes every finished request; for all threads, and never waits. */
public interface SampleSink {

  /** Keeps nothing: a run that is only summed up. */
  SampleSink NONE =
      (step, status, error) ->
          (endMicros, latency, delay, firstByte, connect, bytesSent, bytesReceived) -> {};

  /** One way the requests of a step end. */
  interface Outcome {
    /** Takes one request; times in microseconds, -1 where not known. */
    void record(
        long endMicros,
        long latencyMicros,
        long delayMicros,
        long firstByteMicros,
        long connectMicros,
        long bytesSent,
        long bytesReceived);
  }

  /** Finds or registers an outcome; asked once by each event loop, then kept. */
  Outcome outcome(Step step, int status, @Nullable String error);

  /** This sink and another one after it. */
  default SampleSink and(SampleSink other) {
    return (step, status, error) -> {
      Outcome first = outcome(step, status, error);
      Outcome second = other.outcome(step, status, error);
      return (end, latency, delay, firstByte, connect, sent, received) -> {
        first.record(end, latency, delay, firstByte, connect, sent, received);
        second.record(end, latency, delay, firstByte, connect, sent, received);
      };
    };
  }
}
