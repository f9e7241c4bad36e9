package io.tailrace.sink.prometheus;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/**
 * Writes protobuf fields into an array that grows.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protobuf's encoding</a>
 */
final class ProtoWriter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int LONGEST_VARINT = 10;

  private byte[] bytes;
  private int size;

  ProtoWriter(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** Compresses what there is into an array that has room for it; says how long it became. */
  int compressTo(byte[] into) throws IOException {
    return Snappy.rawCompress(bytes, 0, size, into, 0);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** An int32, int64, uint32, uint64, bool or enum. */
  void number(int field, long value) {
    tag(field, VARINT);
    varint(value);
  }

  /** An sint32 or sint64. */
  void signed(int field, long value) {
    tag(field, VARINT);
    varint(zigZag(value));
  }

  void fixed(int field, double value) {
    fixedBits(field, Double.doubleToRawLongBits(value));
  }

  /** A double by its bits: processors may change those of a NaN that passes as a number. */
  void fixedBits(int field, long bits) {
    tag(field, FIXED64);
    reserve(Double.BYTES);
    LONGS.set(bytes, size, bits);
    size += Long.BYTES;
  }

  void text(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    bytes(field, utf8, utf8.length);
  }

  /** A nested message that another writer holds. */
  void message(int field, ProtoWriter message) {
    bytes(field, message.bytes, message.size);
  }

  void bytes(int field, byte[] value, int length) {
    tag(field, LENGTH);
    varint(length);
    raw(value, length);
  }

  /** A nested {@code prometheus.BucketSpan}. */
  void span(int field, int offset, int length) {
    tag(field, LENGTH);
    varint(2L + varintBytes(zigZag(offset)) + varintBytes(length));
    signed(1, offset);
    number(2, length);
  }

  private static int varintBytes(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  /** Fields that are encoded already. */
  void raw(byte[] fields, int length) {
    reserve(length);
    System.arraycopy(fields, 0, bytes, size, length);
    size += length;
  }

  /** Numbers of a packed field, without a tag: each less the one before it. */
  void packedDeltas(long[] values, int from, int to, long before) {
    reserve((to - from) * LONGEST_VARINT);
    byte[] out = bytes;
    int at = size;
    long previous = before;
    for (int i = from; i < to; i++) {
      long rest = zigZag(values[i] - previous);
      previous = values[i];
      while ((rest & ~0x7FL) != 0) {
        out[at++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      out[at++] = (byte) rest;
    }
    size = at;
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    reserve(LONGEST_VARINT);
    if ((value & ~0x7FL) == 0) {
      bytes[size++] = (byte) value;
      return;
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private static long zigZag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
