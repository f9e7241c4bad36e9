package io.tailrace.wire;

import static io.tailrace.wire.WireFault.BAD_INDEX;
import static io.tailrace.wire.WireFault.UNEQUAL_COLUMNS;

import java.util.Arrays;

/**
 * The samples of a batch that was read, as columns of absolute values. One tight loop per column
 * and one more to make its values absolute: both stay in the cache.
 */
final class SampleColumns {
  private static final long UNKNOWN = -1;
  private static final int LEAST_BYTES = 1;
  private static final int FEW = 1024;

  private final ByteCursor in;

  private int count;
  private int[] outcomes = new int[FEW];
  private long[] end = new long[FEW];
  private long[] latency = new long[FEW];
  private long[] delay = new long[FEW];
  private long[] firstByte = new long[FEW];
  private long[] connect = new long[FEW];
  private long[] sent = new long[FEW];
  private long[] received = new long[FEW];

  SampleColumns(ByteCursor in) {
    this.in = in;
  }

  void clear() {
    count = 0;
  }

  void read(BatchDictionaries dictionaries) {
    long baseMicros = in.readLong("baseMicros");
    int samples = readOutcomes(dictionaries.outcomeCount());
    required("endMicros", end, samples);
    absolute(end, samples, baseMicros);
    required("latencyMicros", latency, samples);
    optional("delayMicros", delay, samples, 0);
    if (optional("bodyMicros", firstByte, samples, UNKNOWN)) {
      firstBytes(latency, firstByte, samples);
    }
    optional("connectMicros", connect, samples, UNKNOWN);
    if (optional("bytesSent", sent, samples, UNKNOWN)) {
      addBases(dictionaries.sentBases(), outcomes, sent, samples);
    }
    if (optional("bytesReceived", received, samples, UNKNOWN)) {
      addBases(dictionaries.receivedBases(), outcomes, received, samples);
    }
    count = samples;
  }

  private int readOutcomes(int outcomeCount) {
    // A foreign producer's batch has one sample: loops for it would take longer than to read it.
    int total = in.readOnly("outcome", received) ? 1 : readBlocks();
    // Negative as soon as one of them is out of bounds: which one it is can be asked then.
    long bounds = 0;
    for (int i = 0; i < total; i++) {
      long outcome = received[i];
      bounds |= outcome | (outcomeCount - 1 - outcome);
      outcomes[i] = (int) outcome;
    }
    if (bounds < 0) {
      throw badOutcome(total, outcomeCount);
    }
    return total;
  }

  private int readBlocks() {
    int total = 0;
    int block;
    while ((block = in.readBlock("outcome", WireLimits.MAX_SAMPLES - total, LEAST_BYTES)) != 0) {
      grow(total + block);
      // The last column's array serves as scratch: it is overwritten when that column is read.
      ColumnDecoder.decode(in, "outcome", received, total, total + block);
      total += block;
    }
    return total;
  }

  private WireException badOutcome(int total, int outcomeCount) {
    int i = 0;
    while (i < total && received[i] >= 0 && received[i] < outcomeCount) {
      i++;
    }
    return new WireException(
        BAD_INDEX, "sample " + i + " has outcome " + received[i] + " of " + outcomeCount);
  }

  private void grow(int samples) {
    if (samples > outcomes.length) {
      int more = Math.max(samples, Math.min(outcomes.length * 2, WireLimits.MAX_SAMPLES));
      outcomes = new int[more];
      end = new long[more];
      latency = new long[more];
      delay = new long[more];
      firstByte = new long[more];
      connect = new long[more];
      sent = new long[more];
      received = Arrays.copyOf(received, more);
    }
  }

  private void required(String what, long[] column, int samples) {
    int length = readColumn(what, column, samples);
    if (length != samples) {
      throw unequal(what, length, samples);
    }
  }

  /** Whether the column is there; when it is empty, nothing is known of any sample. */
  private boolean optional(String what, long[] column, int samples, long absent) {
    int length = readColumn(what, column, samples);
    if (length == samples) {
      return true;
    }
    if (length != 0) {
      throw unequal(what, length, samples);
    }
    Arrays.fill(column, 0, samples, absent);
    return false;
  }

  private int readColumn(String what, long[] column, int samples) {
    if (samples == 1 && in.readOnly(what, column)) {
      return 1;
    }
    int total = 0;
    int block;
    while ((block = in.readBlock(what, WireLimits.MAX_SAMPLES, LEAST_BYTES)) != 0) {
      if (block > samples - total) {
        throw unequal(what, (long) total + block, samples);
      }
      ColumnDecoder.decode(in, what, column, total, total + block);
      total += block;
    }
    return total;
  }

  private static WireException unequal(String what, long length, int samples) {
    return new WireException(
        UNEQUAL_COLUMNS, what + " has " + length + " values for " + samples + " samples");
  }

  private static void absolute(long[] column, int samples, long base) {
    long value = base;
    for (int i = 0; i < samples; i++) {
      value += column[i];
      column[i] = value;
    }
  }

  // A body that took longer than the whole request says nothing about the first byte.
  private static void firstBytes(long[] latency, long[] column, int samples) {
    for (int i = 0; i < samples; i++) {
      long body = column[i];
      long firstByte = latency[i] - body;
      // All ones when one of them is negative: -1, not known.
      column[i] = firstByte | (latency[i] | body | firstByte) >> (Long.SIZE - 1);
    }
  }

  private static void addBases(long[] bases, int[] outcomes, long[] column, int samples) {
    for (int i = 0; i < samples; i++) {
      column[i] += bases[outcomes[i]];
    }
  }

  int count() {
    return count;
  }

  int[] outcomes() {
    return outcomes;
  }

  long[] endMicros() {
    return end;
  }

  long[] latencyMicros() {
    return latency;
  }

  long[] delayMicros() {
    return delay;
  }

  long[] firstByteMicros() {
    return firstByte;
  }

  long[] connectMicros() {
    return connect;
  }

  long[] bytesSent() {
    return sent;
  }

  long[] bytesReceived() {
    return received;
  }
}
