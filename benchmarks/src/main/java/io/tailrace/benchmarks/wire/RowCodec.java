package io.tailrace.benchmarks.wire;

import java.util.Arrays;

/** Rows written and read by hand, as fast as plain Java allows: the fair opponent of columns. */
final class RowCodec {
  private byte[] bytes = new byte[1 << 16];
  private int position;

  byte[] encode(byte[] header, RequestMix mix, long[] sentBase, long[] receivedBase) {
    position = 0;
    put(header.length);
    ensure(header.length);
    System.arraycopy(header, 0, bytes, position, header.length);
    position += header.length;
    long before = mix.samples.get(0).endMicros();
    put(before);
    put(mix.samples.size());
    for (RequestMix.Sample s : mix.samples) {
      int outcome = 2 * s.series() + s.kind();
      put(outcome);
      put(s.endMicros() - before);
      put(s.latencyMicros());
      put(s.delayMicros());
      put(s.latencyMicros() - s.firstByteMicros());
      put(s.connectMicros());
      put(s.bytesSent() - sentBase[outcome]);
      put(s.bytesReceived() - receivedBase[outcome]);
      before = s.endMicros();
    }
    put(0);
    return Arrays.copyOf(bytes, position);
  }

  /** The sum of all values, absolute ones as columns give them. */
  long visit(byte[] batch, long[] sentBase, long[] receivedBase) {
    bytes = batch;
    position = 0;
    int header = (int) take();
    position += header;
    long end = take();
    long sum = 0;
    long count;
    while ((count = take()) != 0) {
      for (long i = 0; i < count; i++) {
        int outcome = (int) take();
        end += take();
        long latency = take();
        sum += outcome + end + latency + take();
        sum += latency - take();
        sum += take();
        sum += sentBase[outcome] + take();
        sum += receivedBase[outcome] + take();
      }
    }
    return sum;
  }

  private void ensure(int more) {
    if (bytes.length - position < more) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2 + more);
    }
  }

  private void put(long value) {
    ensure(10);
    long raw = (value << 1) ^ (value >> 63);
    while ((raw & ~0x7fL) != 0) {
      bytes[position++] = (byte) (raw | 0x80);
      raw >>>= 7;
    }
    bytes[position++] = (byte) raw;
  }

  private long take() {
    byte[] b = bytes;
    int p = position;
    long raw = b[p++];
    if (raw < 0) {
      raw &= 0x7f;
      int shift = 7;
      byte next;
      do {
        next = b[p++];
        raw |= (long) (next & 0x7f) << shift;
        shift += 7;
      } while (next < 0);
    }
    position = p;
    return (raw >>> 1) ^ -(raw & 1);
  }
}
