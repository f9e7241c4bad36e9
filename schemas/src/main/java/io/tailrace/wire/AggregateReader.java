package io.tailrace.wire;

import static io.tailrace.wire.WireFault.BAD_INDEX;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunMode;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads aggregates that were written with the schema of this build: in one pass that trusts no
 * length, where Avro takes one to check and a slower one to read, and with names that are made
 * once. Not thread-safe.
 */
final class AggregateReader {
  private static final RunMode[] MODES = RunMode.values();

  private final ByteCursor in;
  private final NameCache names;

  /** Reads what the cursor stands before. */
  AggregateReader(ByteCursor in) {
    this.in = in;
    this.names = new NameCache(in);
  }

  /** Whether what was written with this schema is read here. */
  static boolean reads(Schema writer) {
    return writer.equals(Aggregate.getClassSchema());
  }

  Aggregate read() {
    Aggregate a = new Aggregate();
    a.setRun(text("run"));
    a.setTestName(text("testName"));
    a.setEnvironment(text("environment"));
    a.setVersion(text("version"));
    a.setTags(map("tags", this::text));
    a.setMode(MODES[in.readIndex("mode", MODES.length)]);
    a.setSeries(new Series(text("name"), text("method"), text("group"), map("tags", this::text)));
    a.setWindowStartMicros(in.readLong("windowStartMicros"));
    a.setWindowMicros(in.readLong("windowMicros"));
    a.setTotal(flag("total"));
    a.setRevision(in.readInt("revision"));
    a.setSupplement(flag("supplement"));
    a.setNodesReported(in.readInt("nodesReported"));
    a.setNodesExpected(in.readInt("nodesExpected"));
    a.setComplete(flag("complete"));
    a.setCoveredMicros(in.readLong("coveredMicros"));
    a.setRequests(in.readLong("requests"));
    a.setErrors(in.readLong("errors"));
    a.setLate(in.readLong("late"));
    a.setClamped(in.readLong("clamped"));
    a.setThroughput(in.readDouble("throughput"));
    a.setErrorRatePercent(in.readDouble("errorRatePercent"));
    a.setResponseTime(distribution("responseTime"));
    a.setServiceTime(distribution("serviceTime"));
    a.setLatenessMeanMicros(maybeDouble("latenessMeanMicros"));
    a.setLatenessMaxMicros(maybeLong("latenessMaxMicros"));
    a.setFirstByteMeanMicros(maybeDouble("firstByteMeanMicros"));
    a.setConnectMeanMicros(maybeDouble("connectMeanMicros"));
    a.setByStatus(shares());
    a.setErrorKinds(map("errorKinds", in::readLong));
    a.setBytesSent(maybeLong("bytesSent"));
    a.setBytesReceived(maybeLong("bytesReceived"));
    a.setActiveUsers(isThere("activeUsers") ? in.readInt("activeUsers") : null);
    a.setCpuPercent(maybeDouble("cpuPercent"));
    a.setMemoryMb(maybeDouble("memoryMb"));
    a.setResponseHistogram(bytes("responseHistogram"));
    a.setServiceHistogram(bytes("serviceHistogram"));
    return a;
  }

  private String text(String what) {
    int length = in.readLength(what, WireLimits.MAX_BYTES);
    String text = names.at(in.position, length, what);
    in.position += length;
    return text;
  }

  private <V> Map<String, V> map(String what, Function<String, V> value) {
    Map<String, V> map = new HashMap<>();
    int total = 0;
    int count;
    while ((count = in.readBlock(what, WireLimits.MAX_ENTRIES - total, 2)) != 0) {
      total += count;
      for (int i = 0; i < count; i++) {
        String key = text(what);
        map.put(key, value.apply(what));
      }
    }
    return map;
  }

  private List<StatusShare> shares() {
    List<StatusShare> shares = new ArrayList<>();
    int count;
    while ((count = in.readBlock("byStatus", WireLimits.MAX_ENTRIES - shares.size(), 4)) != 0) {
      for (int i = 0; i < count; i++) {
        int status = in.readInt("status");
        long requests = in.readLong("requests");
        long errors = in.readLong("errors");
        shares.add(new StatusShare(status, requests, errors, bytes("responseHistogram")));
      }
    }
    return shares;
  }

  private @Nullable Distribution distribution(String what) {
    if (!isThere(what)) {
      return null;
    }
    long min = in.readLong("minMicros");
    double mean = in.readDouble("meanMicros");
    long max = in.readLong("maxMicros");
    double stdev = in.readDouble("stdevMicros");
    long p50 = in.readLong("p50Micros");
    long p75 = in.readLong("p75Micros");
    long p90 = in.readLong("p90Micros");
    long p95 = in.readLong("p95Micros");
    long p99 = in.readLong("p99Micros");
    long p999 = in.readLong("p999Micros");
    return new Distribution(min, mean, max, stdev, p50, p75, p90, p95, p99, p999);
  }

  private @Nullable ByteBuffer bytes(String what) {
    if (!isThere(what)) {
      return null;
    }
    int length = in.readLength(what, WireLimits.MAX_BYTES);
    // A part of the record's own bytes, which nobody changes.
    ByteBuffer bytes = ByteBuffer.wrap(in.bytes, in.position, length).slice();
    in.position += length;
    return bytes;
  }

  private @Nullable Long maybeLong(String what) {
    return isThere(what) ? in.readLong(what) : null;
  }

  private @Nullable Double maybeDouble(String what) {
    return isThere(what) ? in.readDouble(what) : null;
  }

  /** The branch of a union whose first one is null. */
  private boolean isThere(String what) {
    return in.readIndex(what, 2) == 1;
  }

  private boolean flag(String what) {
    int at = in.position;
    in.skip(1, what);
    byte flag = in.bytes[at];
    if (flag != 0 && flag != 1) {
      throw new WireException(BAD_INDEX, what + " is " + flag + ", expected 0 or 1");
    }
    return flag == 1;
  }
}
