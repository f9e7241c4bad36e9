package io.tailrace.wire;

import static io.tailrace.wire.WireFault.BAD_INDEX;
import static io.tailrace.wire.WireFault.UNEQUAL_COLUMNS;

import java.util.Arrays;

/**
 * The samples of a batch that was read, as columns of absolute values. One tight loop per column
 * and one more to make its values absolute: both stay in the cache, and the branches learn a
 * column's width.
 */
final class SampleColumns {
  private static final long UNKNOWN = -1;
  private static final int LEAST_BYTES = 1;
  private static final int FEW = 1024;
  // What the unrolled decoder may touch of a number; longer ones take the careful way.
  private static final int UNROLLED_BYTES = 4;
  private static final int SECOND = ~0 << 7;
  private static final int THIRD = SECOND ^ (~0 << 14);
  private static final int FOURTH = THIRD ^ (~0 << 21);

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
    int total = 0;
    int block;
    while ((block = in.readBlock("outcome", WireLimits.MAX_SAMPLES - total, LEAST_BYTES)) != 0) {
      grow(total + block);
      // The last column's array serves as scratch: it is overwritten when that column is read.
      decode(in, "outcome", received, total, total + block);
      total += block;
    }
    for (int i = 0; i < total; i++) {
      long outcome = received[i];
      if (outcome < 0 || outcome >= outcomeCount) {
        throw new WireException(
            BAD_INDEX, "sample " + i + " has outcome " + outcome + " of " + outcomeCount);
      }
      outcomes[i] = (int) outcome;
    }
    return total;
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
    int total = 0;
    int block;
    while ((block = in.readBlock(what, WireLimits.MAX_SAMPLES, LEAST_BYTES)) != 0) {
      if (block > samples - total) {
        throw unequal(what, (long) total + block, samples);
      }
      decode(in, what, column, total, total + block);
      total += block;
    }
    return total;
  }

  private static WireException unequal(String what, long length, int samples) {
    return new WireException(
        UNEQUAL_COLUMNS, what + " has " + length + " values for " + samples + " samples");
  }

  // Unrolled to four bytes, 28 bits: every column of a live run is nearly always shorter. Each step
  // takes the sign of the byte just added, and undoes the sign bits of those before.
  private static void decode(ByteCursor in, String what, long[] out, int from, int to) {
    byte[] b = in.bytes;
    int p = in.position;
    int safe = in.end - UNROLLED_BYTES;
    for (int i = from; i < to; i++) {
      if (p <= safe) {
        int raw = b[p];
        int next = p + 1;
        if (raw < 0) {
          raw ^= b[next++] << 7;
          if (raw < 0) {
            raw ^= SECOND;
          } else {
            raw ^= b[next++] << 14;
            if (raw >= 0) {
              raw ^= THIRD;
            } else {
              raw ^= b[next++] << 21;
              raw = raw < 0 ? raw ^ FOURTH : -1;
            }
          }
        }
        if (raw >= 0) {
          int value = (raw >>> 1) ^ -(raw & 1);
          out[i] = value;
          p = next;
          continue;
        }
      }
      in.position = p;
      out[i] = in.readLong(what);
      p = in.position;
    }
    in.position = p;
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
      column[i] = body < 0 || body > latency[i] ? UNKNOWN : latency[i] - body;
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
