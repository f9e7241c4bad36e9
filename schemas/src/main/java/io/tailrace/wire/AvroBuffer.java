package io.tailrace.wire;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow and are used again, with Avro's encodings of what is put into them. */
final class AvroBuffer extends OutputStream {
  private static final int MAX_VARINT_BYTES = 10;

  byte[] bytes;
  int length;

  AvroBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    length = 0;
  }

  void putLong(long value) {
    if (bytes.length - length < MAX_VARINT_BYTES) {
      grow(MAX_VARINT_BYTES);
    }
    byte[] b = bytes;
    int p = length;
    long raw = (value << 1) ^ (value >> 63);
    while ((raw & ~0x7fL) != 0) {
      b[p++] = (byte) (raw | 0x80);
      raw >>>= 7;
    }
    b[p++] = (byte) raw;
    length = p;
  }

  void putDouble(double value) {
    grow(Double.BYTES);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(length, value);
    length += Double.BYTES;
  }

  void putString(String value) {
    putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** With its length before it. */
  void putBytes(byte[] value) {
    putLong(value.length);
    write(value, 0, value.length);
  }

  void append(AvroBuffer other) {
    write(other.bytes, 0, other.length);
  }

  @Override
  public void write(int b) {
    grow(1);
    bytes[length++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int count) {
    grow(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void grow(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
