package io.tailrace.wire;

import static io.tailrace.wire.WireFault.BAD_INDEX;
import static io.tailrace.wire.WireFault.INVALID_UTF8;
import static io.tailrace.wire.WireFault.NEGATIVE_LENGTH;
import static io.tailrace.wire.WireFault.OVERLONG_NUMBER;
import static io.tailrace.wire.WireFault.TOO_LONG;
import static io.tailrace.wire.WireFault.TRAILING_BYTES;
import static io.tailrace.wire.WireFault.TRUNCATED;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A place in bytes that nobody vouches for: every length is checked before anything follows from
 * it.
 */
final class ByteCursor {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080808080808080L;
  // Set in the first byte of a length that is negative or goes on.
  private static final int NOT_SHORT = 0x81;
  // The number 1 as Avro writes it.
  private static final byte ONE = 2;
  private static final int MAX_VARINT_BYTES = 10;
  private static final byte[] NOTHING = {};

  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  byte[] bytes = NOTHING;
  int position;
  int end;

  void reset(byte[] given, int from, int to) {
    bytes = given;
    position = from;
    end = to;
  }

  int remaining() {
    return end - position;
  }

  /** Avro's int and long: zigzag in groups of seven bits. */
  long readLong(String what) {
    int p = position;
    if (p < end && bytes[p] >= 0) {
      long only = bytes[p];
      position = p + 1;
      return (only >>> 1) ^ -(only & 1);
    }
    return readLonger(what);
  }

  private long readLonger(String what) {
    int p = position;
    // Two bytes are told by a guess: what comes behind need not wait until the length is known.
    if (end - p > 1 && bytes[p + 1] >= 0) {
      long two = (bytes[p] & 0x7f) | (long) bytes[p + 1] << 7;
      position = p + 2;
      return (two >>> 1) ^ -(two & 1);
    }
    if (end - p >= Long.BYTES) {
      long loaded = (long) LONGS.get(bytes, p);
      long last = ~loaded & NOT_ASCII;
      if (last != 0) {
        position = p + (Long.numberOfTrailingZeros(last) >>> 3) + 1;
        return ofUpToEight(loaded & (last ^ (last - 1)));
      }
    }
    return readEach(what);
  }

  /** Closes the gaps between groups of seven bits, and takes the zigzag out. */
  private static long ofUpToEight(long bytes) {
    long v = bytes & ~NOT_ASCII;
    v = (v & 0x007f007f007f007fL) | ((v & 0x7f007f007f007f00L) >>> 1);
    v = (v & 0x00003fff00003fffL) | ((v & 0x3fff00003fff0000L) >>> 2);
    v = (v & 0x000000000fffffffL) | ((v & 0x0fffffff00000000L) >>> 4);
    return (v >>> 1) ^ -(v & 1);
  }

  private long readEach(String what) {
    long raw = 0;
    int p = position;
    int last = Math.min(end, p + MAX_VARINT_BYTES);
    for (int shift = 0; p < last; shift += 7) {
      byte b = bytes[p++];
      raw |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        if (shift == 63 && b > 1) {
          throw overlong(what);
        }
        position = p;
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw p - position == MAX_VARINT_BYTES ? overlong(what) : truncated(what, 1);
  }

  int readInt(String what) {
    long value = readLong(what);
    if (value != (int) value) {
      throw new WireException(OVERLONG_NUMBER, what + " is " + value + ", expected an int" + at());
    }
    return (int) value;
  }

  /**
   * Reads the only value of an array of one; false, and nothing is read, when it is another array
   * or written in another way.
   */
  boolean readOnly(String what, long[] into) {
    int p = position;
    if (end - p < 3 || bytes[p] != ONE) {
      return false;
    }
    position = p + 1;
    long value = readLong(what);
    if (position == end || bytes[position] != 0) {
      position = p;
      return false;
    }
    position++;
    into[0] = value;
    return true;
  }

  /** An index below {@code count}. */
  int readIndex(String what, int count) {
    long value = readLong(what);
    if (value < 0 || value >= count) {
      throw new WireException(BAD_INDEX, what + " is " + value + " of " + count + at());
    }
    return (int) value;
  }

  double readDouble(String what) {
    require(Double.BYTES, what);
    double value = (double) DOUBLES.get(bytes, position);
    position += Double.BYTES;
    return value;
  }

  /** A byte string's length, after which so many bytes are really there. */
  int readLength(String what, int most) {
    long length = readLong(what);
    if (length < 0) {
      throw new WireException(NEGATIVE_LENGTH, what + " has " + length + " bytes" + at());
    }
    if (length > most) {
      throw new WireException(TOO_LONG, what + " has " + length + " bytes, at most " + most + at());
    }
    require((int) length, what);
    return (int) length;
  }

  /**
   * The count of an array's or map's next block, 0 behind the last one. Each entry takes at least
   * {@code least} bytes, so no more are believed than there is room for.
   */
  int readBlock(String what, int most, int least) {
    long count = readLong(what);
    if (count < 0) {
      long size = readLong(what);
      if (count == Long.MIN_VALUE || size < 0) {
        throw new WireException(
            NEGATIVE_LENGTH, what + " has a block of " + count + " in " + size + " bytes" + at());
      }
      if (size > remaining()) {
        throw truncated(what, size);
      }
      count = -count;
    }
    if (count > most) {
      throw new WireException(
          TOO_LONG, what + " has " + count + " entries, at most " + most + at());
    }
    if (count * least > remaining()) {
      throw truncated(what, count * least);
    }
    return (int) count;
  }

  /** Steps over a string and says whether it is one. */
  void skipString(String what, int most) {
    int length = readLength(what, most);
    requireUtf8(position, length, what);
    position += length;
  }

  /**
   * Steps over so many strings and an empty map behind them; false, and nothing is skipped, unless
   * all of it is ASCII and no length takes more than a byte.
   */
  boolean skipPlain(int strings) {
    byte[] b = bytes;
    // What one length says is all that the next waits for: neither fields nor what is in between.
    int p = position;
    int last = end - 1;
    for (int i = 0; i < strings; i++) {
      if (p >= last || (b[p] & NOT_SHORT) != 0) {
        return false;
      }
      p += 1 + (b[p] >> 1);
    }
    if (p > last || b[p] != 0 || !isAscii(position, p)) {
      return false;
    }
    position = p + 1;
    return true;
  }

  String readString(String what, int most) {
    int length = readLength(what, most);
    String value = decode(position, length, what);
    position += length;
    return value;
  }

  String decode(int offset, int length, String what) {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes, offset, length)).toString();
    } catch (CharacterCodingException e) {
      throw new WireException(INVALID_UTF8, what + " at byte " + offset + " is not UTF-8");
    }
  }

  private void requireUtf8(int offset, int length, String what) {
    if (!isAscii(offset, offset + length)) {
      decode(offset, length, what);
    }
  }

  private boolean isAscii(int from, int to) {
    byte[] b = bytes;
    // Names are ASCII nearly always: eight bytes at a time, the last ones together with some of
    // those before them, and no characters are made of them.
    long seen = 0;
    if (to - from >= Long.BYTES) {
      int last = to - Long.BYTES;
      for (int p = from; p < last; p += Long.BYTES) {
        seen |= (long) LONGS.get(b, p);
      }
      seen |= (long) LONGS.get(b, last);
    } else {
      for (int p = from; p < to; p++) {
        seen |= b[p];
      }
    }
    return (seen & NOT_ASCII) == 0;
  }

  void skip(int count, String what) {
    require(count, what);
    position += count;
  }

  void requireEnd(String what) {
    if (position != end) {
      throw new WireException(
          TRAILING_BYTES, (end - position) + " bytes follow the end of " + what + at());
    }
  }

  private void require(int count, String what) {
    if (count > remaining()) {
      throw truncated(what, count);
    }
  }

  private WireException truncated(String what, long needed) {
    return new WireException(
        TRUNCATED,
        what
            + " needs "
            + needed
            + " more bytes and "
            + Math.max(0, remaining())
            + " are left"
            + at());
  }

  private WireException overlong(String what) {
    return new WireException(OVERLONG_NUMBER, what + " is longer than 64 bits" + at());
  }

  private String at() {
    return " at byte " + position;
  }
}
