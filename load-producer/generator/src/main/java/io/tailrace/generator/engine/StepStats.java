package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Step;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.SingleWriterRecorder;

/** What one event loop measured of one step; written by that loop, read by any thread. */
final class StepStats {

  private final Step step;
  private final LongAdder requests = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final SingleWriterRecorder response =
      new SingleWriterRecorder(1, LoopStats.MOST_MICROS, 3);

  StepStats(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }

  void add(long responseMicros, boolean failed) {
    requests.increment();
    if (failed) {
      errors.increment();
    }
    response.recordValue(LoopStats.clamped(responseMicros));
  }

  long requests() {
    return requests.sum();
  }

  long errors() {
    return errors.sum();
  }

  SingleWriterRecorder response() {
    return response;
  }
}
