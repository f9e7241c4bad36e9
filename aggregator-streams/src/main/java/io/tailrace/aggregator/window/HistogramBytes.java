package io.tailrace.aggregator.window;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes a framed histogram straight from ordered counts into an array that is used again: byte for
 * byte what {@code HistogramFrame.encode} writes of a {@code Histogram(1, 3_600_000_000L, 3)} with
 * the same values.
 *
 * @see <a
 *     href="https://github.com/HdrHistogram/HdrHistogram/blob/master/src/main/java/org/HdrHistogram/AbstractHistogram.java">HdrHistogram's
 *     encodeIntoByteBuffer</a>
 */
final class HistogramBytes {
  private static final byte FRAME_VERSION = 1;
  private static final int CHECKSUM_AT = 1 + Long.BYTES;
  private static final int FRAME_HEADER_BYTES = CHECKSUM_AT + Integer.BYTES;
  private static final int V2_COOKIE = 0x1c849313;
  private static final int V2_HEADER_BYTES = 40;
  private static final int HEADER_BYTES = FRAME_HEADER_BYTES + V2_HEADER_BYTES;
  private static final int LONGEST_COUNT = 9;

  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[4096];

  /** The frame of these counts; its length is what was returned. */
  byte[] array() {
    return bytes;
  }

  int write(OrderedCounts ordered) {
    int end = writeCounts(ordered);
    ByteBuffer.wrap(bytes)
        .put(FRAME_VERSION)
        .putLong(ordered.count())
        .putInt(0)
        .putInt(V2_COOKIE)
        .putInt(end - HEADER_BYTES)
        .putInt(0)
        .putInt(Buckets.SIGNIFICANT_DIGITS)
        .putLong(Buckets.LOWEST)
        .putLong(Buckets.HIGHEST)
        .putDouble(1.0)
        .putInt(CHECKSUM_AT, checksum(end));
    return end;
  }

  private int writeCounts(OrderedCounts ordered) {
    // Before each count there is at most one run of zeros.
    int most = HEADER_BYTES + 1 + ordered.buckets() * 2 * LONGEST_COUNT;
    if (bytes.length < most) {
      bytes = new byte[most];
    }
    byte[] into = bytes;
    int at = HEADER_BYTES;
    int next = 0;
    for (int i = 0; i < ordered.buckets(); i++) {
      int index = ordered.index(i);
      int zeros = index - next;
      // One zero is a count of zero, more are a negative count.
      int run = zeros == 1 ? 0 : 2 * zeros - 1;
      long count = ordered.count(i) << 1;
      if (run < 0x80 && count >= 0 && count < 0x80) {
        // Nearly always a byte each. Whether there is a zero no processor can guess, so that its
        // byte is written all the same and only what comes next depends on it.
        into[at] = (byte) run;
        at += Math.min(zeros, 1);
        into[at++] = (byte) count;
      } else {
        at = zeros == 0 ? at : sevenBits(run, into, at);
        at = sevenBits(count, into, at);
      }
      next = index + 1;
    }
    // HdrHistogram writes the count of the value 0 even when nothing is recorded.
    return next == 0 ? sevenBits(0, into, at) : at;
  }

  private int checksum(int end) {
    crc.reset();
    crc.update(bytes, 0, CHECKSUM_AT);
    crc.update(bytes, FRAME_HEADER_BYTES, end - FRAME_HEADER_BYTES);
    return (int) crc.getValue();
  }

  /** Seven bits a byte, lowest first, the ninth byte whole; of what was made unsigned before. */
  private static int sevenBits(long unsigned, byte[] into, int start) {
    long rest = unsigned;
    int at = start;
    for (int i = 1; i < LONGEST_COUNT && rest >>> 7 != 0; i++) {
      into[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[at++] = (byte) rest;
    return at;
  }
}
