package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramCells;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.StatusShare;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one aggregate, so that a later revision of its window can be told from it.
 *
 * @param byStatus what there is of each status; of one that is null all is in {@code all}
 */
record Contents(
    Share all, List<StatusPart> byStatus, Map<String, Long> errorKinds, long sent, long received) {
  static final Contents NOTHING = new Contents(Share.NOTHING, List.of(), Map.of(), 0, 0);

  /** What there is of one status. */
  record StatusPart(Integer status, Share share) {}

  /** Some requests: their number, the failed ones, and the frames of their times. */
  record Share(long requests, long errors, Times response, Times service) {
    static final Share NOTHING = new Share(0, 0, Times.NONE, Times.NONE);
  }

  /**
   * Times as a framed histogram.
   *
   * @param frame null when the times are not known, or not wanted
   * @param sumMicros their sum; NaN when only the histogram knows
   */
  record Times(@Nullable ByteBuffer frame, double sumMicros) {
    static final Times NONE = new Times(null, 0);
  }

  /**
   * Which times are read: each takes as long as all the rest.
   *
   * @param service those of the service
   * @param split those of each status
   */
  record Wanted(boolean service, boolean split) {}

  /** Reads an aggregate; what cannot be read is refused here, before anything of it is counted. */
  static Contents of(Aggregate aggregate, Wanted wanted, FrameReader frames) {
    Times response =
        times(aggregate.getResponseHistogram(), aggregate.getResponseTime(), aggregate, frames);
    Share all =
        new Share(
            aggregate.getRequests(),
            aggregate.getErrors(),
            response,
            wanted.service() ? serviceTimes(aggregate, response, frames) : Times.NONE);
    return new Contents(
        all,
        byStatus(aggregate, all, wanted, frames),
        aggregate.getErrorKinds(),
        orZero(aggregate.getBytesSent()),
        orZero(aggregate.getBytesReceived()));
  }

  /** One histogram stands for both where they are equal. */
  private static Times serviceTimes(Aggregate aggregate, Times response, FrameReader frames) {
    return aggregate.getServiceHistogram() == null
        ? response
        : times(aggregate.getServiceHistogram(), aggregate.getServiceTime(), aggregate, frames);
  }

  private static List<StatusPart> byStatus(
      Aggregate aggregate, Share all, Wanted wanted, FrameReader frames) {
    List<StatusShare> told = aggregate.getByStatus();
    List<StatusPart> parts = new ArrayList<>(told.size());
    boolean alone = told.size() == 1;
    for (StatusShare share : told) {
      ByteBuffer histogram = wanted.split() ? share.getResponseHistogram() : null;
      Times response =
          histogram != null
              ? new Times(checked(histogram, frames), Double.NaN)
              : alone ? all.response() : Times.NONE;
      Times service = alone ? all.service() : Times.NONE;
      parts.add(
          new StatusPart(
              share.getStatus(),
              new Share(share.getRequests(), share.getErrors(), response, service)));
    }
    return parts;
  }

  /** What there is of a status. */
  Share ofStatus(Integer status) {
    for (StatusPart part : byStatus) {
      if (part.status().equals(status)) {
        return part.share();
      }
    }
    return Share.NOTHING;
  }

  private static Times times(
      @Nullable ByteBuffer histogram,
      @Nullable Distribution times,
      Aggregate aggregate,
      FrameReader frames) {
    if (histogram == null) {
      return Times.NONE;
    }
    double sum = times == null ? Double.NaN : times.getMeanMicros() * aggregate.getRequests();
    return new Times(checked(histogram, frames), Math.rint(sum));
  }

  private static ByteBuffer checked(ByteBuffer frame, FrameReader frames) {
    HistogramCells unused = frames.read(frame);
    return frame;
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
