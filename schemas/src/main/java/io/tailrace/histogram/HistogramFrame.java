package io.tailrace.histogram;

import static io.tailrace.wire.WireFault.BAD_HISTOGRAM;
import static io.tailrace.wire.WireFault.TRUNCATED;
import static io.tailrace.wire.WireFault.UNKNOWN_VERSION;
import static io.tailrace.wire.WireFault.WRONG_CHECKSUM;

import io.tailrace.wire.WireException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/**
 * A histogram as it travels: a version, the number of values, a CRC-32C of all else, and
 * HdrHistogram's V2 encoding. Decoding never trusts a length.
 */
public final class HistogramFrame {
  private static final byte VERSION = 1;
  private static final int COUNT_AT = 1;
  private static final int CHECKSUM_AT = COUNT_AT + Long.BYTES;
  static final int HEADER_BYTES = CHECKSUM_AT + Integer.BYTES;

  // HdrHistogram's V2 header: cookie, payload length, offset, digits, lowest, highest, ratio.
  static final int V2_HEADER_BYTES = 40;
  private static final int V2_COOKIE = 0x1c849313;
  private static final int MAX_DIGITS = 3;

  private HistogramFrame() {}

  public static byte[] encode(AbstractHistogram histogram) {
    ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + histogram.getNeededByteBufferCapacity());
    frame.position(HEADER_BYTES);
    histogram.encodeIntoByteBuffer(frame);
    frame.flip();
    frame.put(0, VERSION);
    frame.putLong(COUNT_AT, histogram.getTotalCount());
    frame.putInt(CHECKSUM_AT, checksum(frame.array(), 0, frame.limit()));
    byte[] framed = new byte[frame.limit()];
    frame.get(framed);
    return framed;
  }

  public static Histogram decode(byte[] framed) {
    Histogram histogram = decodeV2(open(framed, 0, framed.length));
    requireCount(framed, 0, histogram.getTotalCount());
    return histogram;
  }

  /**
   * Visits every count that is not zero, in ascending order of values, without building the
   * histogram: a decoded one takes 200 kB, however few values are in it.
   */
  public static void forEachCell(byte[] framed, CellVisitor visitor) {
    HistogramCells cells = new HistogramCells();
    cells.read(framed, 0, framed.length);
    for (int i = 0; i < cells.size(); i++) {
      visitor.cell(cells.lowest(i), cells.highest(i), cells.count(i));
    }
  }

  /** The V2 encoding in a frame whose version and checksum are right. */
  static ByteBuffer open(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < HEADER_BYTES + V2_HEADER_BYTES) {
      throw new WireException(
          TRUNCATED,
          "a histogram of "
              + length
              + " bytes, expected at least "
              + (HEADER_BYTES + V2_HEADER_BYTES));
    }
    if (bytes[from] != VERSION) {
      throw new WireException(
          UNKNOWN_VERSION, "a histogram of version " + bytes[from] + ", expected " + VERSION);
    }
    ByteBuffer frame = ByteBuffer.wrap(bytes, from, length).slice();
    int checksum = checksum(bytes, from, to);
    if (frame.getInt(CHECKSUM_AT) != checksum) {
      throw new WireException(
          WRONG_CHECKSUM,
          String.format(
              "a histogram's bytes have checksum %08x, its frame says %08x",
              checksum, frame.getInt(CHECKSUM_AT)));
    }
    ByteBuffer v2 = frame.position(HEADER_BYTES).slice();
    requireHeader(v2);
    return v2;
  }

  static void requireCount(byte[] bytes, int from, long count) {
    long said = ByteBuffer.wrap(bytes).getLong(from + COUNT_AT);
    if (count != said) {
      throw new WireException(
          BAD_HISTOGRAM, "a histogram holds " + count + " values, its frame says " + said);
    }
  }

  private static void requireHeader(ByteBuffer v2) {
    int cookie = v2.getInt(0);
    int payload = v2.getInt(Integer.BYTES);
    int offset = v2.getInt(2 * Integer.BYTES);
    int digits = v2.getInt(3 * Integer.BYTES);
    // The digits decide how much is allocated: at three, half a megabyte for any range.
    if (cookie != V2_COOKIE || offset != 0 || digits < 0 || digits > MAX_DIGITS) {
      throw new WireException(
          BAD_HISTOGRAM,
          String.format("cookie %08x, offset %d, %d digits", cookie, offset, digits));
    }
    if (payload != v2.remaining() - V2_HEADER_BYTES) {
      throw new WireException(
          BAD_HISTOGRAM,
          "a payload of " + payload + " bytes in " + (v2.remaining() - V2_HEADER_BYTES));
    }
  }

  private static Histogram decodeV2(ByteBuffer v2) {
    try {
      return Histogram.decodeFromByteBuffer(v2, 0);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
      throw new WireException(BAD_HISTOGRAM, "cannot be decoded: " + e, e);
    }
  }

  private static int checksum(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, CHECKSUM_AT);
    crc.update(bytes, from + HEADER_BYTES, to - from - HEADER_BYTES);
    return (int) crc.getValue();
  }
}
