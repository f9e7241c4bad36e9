package io.tailrace.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decodes columns of Avro's longs. Whether a value of a live run takes one byte, two or three is
 * the throw of a coin that no processor guesses, so nothing branches on it: of a stride of bytes it
 * first marks where values begin, and then takes several out at once, whatever their lengths.
 */
final class ColumnDecoder {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle CHARS =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);

  // As many bytes as a long has bits.
  private static final int STRIDE = Long.SIZE;
  // A value is loaded as an int, whatever follows it.
  private static final int TOUCHED = STRIDE + Integer.BYTES;
  private static final int TWO = 2;
  private static final int FOUR = 4;

  // The bit that says that a value goes on in the next byte.
  private static final long CONTINUED = 0x8080808080808080L;
  // Multiplying by it gathers the first bits of eight bytes in the highest byte.
  private static final long GATHER = 0x0002040810204081L;

  private ColumnDecoder() {}

  /** Decodes the cursor's next values into {@code out}, from and to these indexes. */
  static void decode(ByteCursor in, String what, long[] out, int from, int to) {
    byte[] b = in.bytes;
    int p = in.position;
    int safe = in.end - TOUCHED;
    int i = from;
    while (to - i >= FOUR && p <= safe) {
      long ends = ends(b, p);
      long goesOn = ~ends;
      int values;
      if (goesOn == 0) {
        values = Math.min(STRIDE, to - i);
        ofOneByte(b, p, out, i, values);
        p += values;
      } else if ((goesOn & (goesOn >>> 1)) == 0) {
        // What is left of a stride begins the next one: cheaper than a loop for a few.
        values = Math.min(Long.bitCount(ends), to - i) & -FOUR;
        p += ofTwoBytes(b, p, ends, out, i, values);
      } else if ((goesOn & (goesOn >>> 1) & (goesOn >>> 2) & (goesOn >>> 3)) == 0) {
        values = Math.min(Long.bitCount(ends), to - i) & -TWO;
        p += ofFourBytes(b, p, ends, out, i, values);
      } else {
        values = FOUR;
        in.position = p;
        readEach(in, what, out, i, i + values);
        p = in.position;
      }
      i += values;
    }
    in.position = p;
    readEach(in, what, out, i, to);
  }

  private static void readEach(ByteCursor in, String what, long[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = in.readLong(what);
    }
  }

  /** One bit for each byte of a stride, set where a value ends. */
  private static long ends(byte[] b, int p) {
    long ends = 0;
    for (int k = 0; k < STRIDE; k += Long.BYTES) {
      long last = ~(long) LONGS.get(b, p + k) & CONTINUED;
      ends |= ((last * GATHER) >>> (Long.SIZE - Byte.SIZE)) << k;
    }
    return ends;
  }

  private static void ofOneByte(byte[] b, int p, long[] out, int from, int values) {
    for (int k = 0; k < values; k++) {
      long raw = b[p + k];
      out[from + k] = (raw >>> 1) ^ -(raw & 1);
    }
  }

  /** Decodes values of one byte or two, four in the lanes of a long, and returns their bytes. */
  private static int ofTwoBytes(byte[] b, int p, long ends, long[] out, int from, int values) {
    long starts = (ends << 1) | 1;
    for (int i = from, last = from + values - 3; i < last; i += FOUR) {
      long v = (char) CHARS.get(b, p + Long.numberOfTrailingZeros(starts));
      starts &= starts - 1;
      v |= (long) (char) CHARS.get(b, p + Long.numberOfTrailingZeros(starts)) << 16;
      starts &= starts - 1;
      v |= (long) (char) CHARS.get(b, p + Long.numberOfTrailingZeros(starts)) << 32;
      starts &= starts - 1;
      v |= (long) (char) CHARS.get(b, p + Long.numberOfTrailingZeros(starts)) << 48;
      starts &= starts - 1;
      // 0x80 in the lanes of two bytes becomes 0x7f00, which keeps the second byte.
      long two = v & 0x0080008000800080L;
      v = (v & 0x007f007f007f007fL) | ((v & ((two << 8) - (two << 1))) >>> 1);
      long negative = v & 0x0001000100010001L;
      v = ((v ^ negative) >>> 1) ^ ((negative << 16) - negative);
      out[i] = (short) v;
      out[i + 1] = (short) (v >>> 16);
      out[i + 2] = (short) (v >>> 32);
      out[i + 3] = v >> 48;
    }
    return Long.numberOfTrailingZeros(starts);
  }

  /** Decodes values of one byte to four, two in the lanes of a long, and returns their bytes. */
  private static int ofFourBytes(byte[] b, int p, long ends, long[] out, int from, int values) {
    long starts = (ends << 1) | 1;
    for (int i = from, last = from + values - 1; i < last; i += TWO) {
      long first = upToItsEnd((int) INTS.get(b, p + Long.numberOfTrailingZeros(starts)));
      starts &= starts - 1;
      long second = upToItsEnd((int) INTS.get(b, p + Long.numberOfTrailingZeros(starts)));
      starts &= starts - 1;
      long v = ((first & 0xffffffffL) | (second << 32)) & ~CONTINUED;
      // Closes the gaps of one bit between bytes, then those of two between pairs of bytes.
      v -= (v & 0x7f007f007f007f00L) >>> 1;
      v = (v & 0x00003fff00003fffL) | ((v & 0x3fff00003fff0000L) >>> 2);
      long negative = v & 0x0000000100000001L;
      v = ((v ^ negative) >>> 1) ^ ((negative << 32) - negative);
      out[i] = (int) v;
      out[i + 1] = v >> 32;
    }
    return Long.numberOfTrailingZeros(starts);
  }

  /** Without the bytes of the values that follow. */
  private static int upToItsEnd(int loaded) {
    int end = ~loaded & (int) CONTINUED;
    return loaded & (end ^ (end - 1));
  }
}
