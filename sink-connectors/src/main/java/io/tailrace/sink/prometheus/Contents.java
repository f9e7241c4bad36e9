package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramFrame;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.StatusShare;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one aggregate, so that a later revision of its window can be told from it.
 *
 * @param byStatus what there is of each status; of one that is null all is in {@code all}
 */
record Contents(
    Share all,
    Map<Integer, Share> byStatus,
    Map<String, Long> errorKinds,
    long sent,
    long received) {
  static final Contents NOTHING = new Contents(Share.NOTHING, Map.of(), Map.of(), 0, 0);

  /** Some requests: their number, the failed ones, and the frames of their times. */
  record Share(long requests, long errors, Times response, Times service) {
    static final Share NOTHING = new Share(0, 0, Times.NONE, Times.NONE);
  }

  /**
   * Times as a framed histogram.
   *
   * @param frame null when the times are not known
   * @param sumMicros their sum; NaN when only the histogram knows
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Times(byte @Nullable [] frame, double sumMicros) {
    static final Times NONE = new Times(null, 0);
  }

  /**
   * Reads an aggregate.
   *
   * @param service whether the times of the service are wanted: reading them takes as long as all
   *     the rest
   */
  static Contents of(Aggregate aggregate, boolean service) {
    Times response =
        times(aggregate.getResponseHistogram(), aggregate.getResponseTime(), aggregate);
    Share all =
        new Share(
            aggregate.getRequests(),
            aggregate.getErrors(),
            response,
            service ? serviceTimes(aggregate, response) : Times.NONE);
    return new Contents(
        all,
        byStatus(aggregate, all),
        aggregate.getErrorKinds(),
        orZero(aggregate.getBytesSent()),
        orZero(aggregate.getBytesReceived()));
  }

  /** One histogram stands for both where they are equal. */
  private static Times serviceTimes(Aggregate aggregate, Times response) {
    return aggregate.getServiceHistogram() == null
        ? response
        : times(aggregate.getServiceHistogram(), aggregate.getServiceTime(), aggregate);
  }

  private static Map<Integer, Share> byStatus(Aggregate aggregate, Share all) {
    Map<Integer, Share> shares = new TreeMap<>();
    boolean alone = aggregate.getByStatus().size() == 1;
    for (StatusShare share : aggregate.getByStatus()) {
      ByteBuffer histogram = share.getResponseHistogram();
      Times response =
          histogram != null
              ? new Times(bytes(histogram), Double.NaN)
              : alone ? all.response() : Times.NONE;
      Times service = alone ? all.service() : Times.NONE;
      shares.put(
          share.getStatus(), new Share(share.getRequests(), share.getErrors(), response, service));
    }
    return shares;
  }

  private static Times times(
      @Nullable ByteBuffer histogram, @Nullable Distribution times, Aggregate aggregate) {
    if (histogram == null) {
      return Times.NONE;
    }
    double sum = times == null ? Double.NaN : times.getMeanMicros() * aggregate.getRequests();
    return new Times(bytes(histogram), Math.rint(sum));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    // Refused here, before anything of the aggregate is counted.
    HistogramFrame.forEachCell(bytes, (lowest, highest, count) -> {});
    return bytes;
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  /** About what it takes in memory. */
  long retainedBytes() {
    long bytes = 300 + size(all) + 100L * errorKinds.size();
    for (Share share : byStatus.values()) {
      bytes += 150 + size(share);
    }
    return bytes;
  }

  private static long size(Share share) {
    return size(share.response()) + size(share.service());
  }

  private static long size(Times times) {
    return times.frame() == null ? 0 : times.frame().length;
  }
}
