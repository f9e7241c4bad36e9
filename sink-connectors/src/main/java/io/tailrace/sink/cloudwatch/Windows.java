package io.tailrace.sink.cloudwatch;

import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.Delivery.Rejection;
import io.tailrace.sink.core.Item;
import io.tailrace.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what of a batch goes into which request, without sending anything. */
final class Windows {
  private static final Duration OLDEST = Duration.ofDays(14);
  private static final Duration NEWEST = Duration.ofHours(2);

  /** So that a window is not refused that grew old on its way. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /**
   * What becomes of a batch.
   *
   * @param corrections windows that were sent already and cannot be taken back
   * @param outOfTime rejected windows that CloudWatch would not take for their time
   * @param end the offset behind the batch
   * @param newestMicros the latest end of anything in it
   */
  record Plan(
      List<Request> requests,
      List<Rejection> rejections,
      int corrections,
      int outOfTime,
      long end,
      long newestMicros) {}

  private final DatumEncoder encoder;
  private final long windowMicros;

  Windows(CloudWatchConfig config) {
    encoder = new DatumEncoder(config.metrics(), config.window());
    windowMicros = config.window().toSeconds() * 1_000_000;
  }

  static long endMicros(Aggregate aggregate) {
    return aggregate.getWindowStartMicros() + aggregate.getWindowMicros();
  }

  Plan plan(List<Item> batch, Progress progress, Instant now) {
    List<Request> requests = new ArrayList<>();
    List<Rejection> rejections = new ArrayList<>();
    int corrections = 0;
    int outOfTime = 0;
    long newest = Long.MIN_VALUE;
    for (int i = 0; i < batch.size(); i++) {
      Item item = batch.get(i);
      Aggregate aggregate = item.as(Aggregate.class);
      newest = Math.max(newest, endMicros(aggregate));
      if (aggregate.getTotal() || aggregate.getWindowMicros() != windowMicros) {
        continue;
      }
      if (aggregate.getRevision() > 0 || aggregate.getSupplement()) {
        corrections++;
        continue;
      }
      boolean isPassed = progress.covers(item.origin().offset());
      // What was judged before is judged as it was then: sent windows do not become rejected ones.
      Instant judged = isPassed ? Instant.ofEpochMilli(progress.judgedMillis()) : now;
      Optional<String> untimely = untimely(aggregate, judged);
      if (untimely.isPresent()) {
        outOfTime++;
        rejections.add(new Rejection(i, untimely.get()));
        continue;
      }
      try {
        List<Datum> data = fitting(aggregate);
        if (!isPassed && !data.isEmpty()) {
          add(requests, data, item.origin().offset(), newest);
        }
      } catch (WireException | IllegalArgumentException e) {
        rejections.add(new Rejection(i, String.valueOf(e.getMessage())));
      }
    }
    long end = batch.get(batch.size() - 1).origin().offset() + 1;
    return new Plan(requests, rejections, corrections, outOfTime, end, newest);
  }

  private static Optional<String> untimely(Aggregate aggregate, Instant now) {
    Instant start = Instant.EPOCH.plus(aggregate.getWindowStartMicros(), ChronoUnit.MICROS);
    if (start.isBefore(now.minus(OLDEST).plus(MARGIN))) {
      return Optional.of(
          "a window of " + start + " is too old: CloudWatch takes nothing older than two weeks");
    }
    if (start.isAfter(now.plus(NEWEST).minus(MARGIN))) {
      return Optional.of(
          "a window of " + start + " is in the future: CloudWatch takes two hours at most");
    }
    return Optional.empty();
  }

  /** The data of one window, which one request can hold. */
  private List<Datum> fitting(Aggregate aggregate) {
    List<Datum> data = encoder.encode(aggregate);
    if (!new Request().hasRoomFor(data)) {
      throw new IllegalArgumentException(
          "a window makes "
              + data.size()
              + " data of "
              + Request.bytes(data)
              + " bytes, a request takes "
              + Request.MOST_DATA
              + " of "
              + Request.MOST_BYTES);
    }
    return data;
  }

  private static void add(List<Request> requests, List<Datum> data, long offset, long newest) {
    Request last = requests.isEmpty() ? null : requests.get(requests.size() - 1);
    if (last == null || !last.hasRoomFor(data)) {
      last = new Request();
      requests.add(last);
    }
    last.add(data, offset, newest);
  }
}
