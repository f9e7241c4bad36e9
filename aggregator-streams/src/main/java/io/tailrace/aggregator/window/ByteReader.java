package io.tailrace.aggregator.window;

import java.nio.charset.StandardCharsets;

/** Reads what a {@link ByteWriter} wrote; refuses to read past the end. */
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ByteReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    at = offset;
    end = offset + length;
  }

  public boolean hasMore() {
    return at < end;
  }

  public byte readByte() {
    need(1);
    return bytes[at++];
  }

  public boolean readBoolean() {
    return readByte() != 0;
  }

  public int readInt() {
    return Math.toIntExact(readLong());
  }

  public long readLong() {
    long raw = readUnsigned();
    return (raw >>> 1) ^ -(raw & 1);
  }

  public long readUnsigned() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = readByte();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalStateException("a number of more than ten bytes before position " + at);
  }

  public double readDouble() {
    need(8);
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits |= (bytes[at++] & 0xFFL) << (8 * i);
    }
    return Double.longBitsToDouble(bits);
  }

  public String readString() {
    int length = length();
    String value = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return value;
  }

  public byte[] readBytes() {
    int length = length();
    byte[] value = new byte[length];
    System.arraycopy(bytes, at, value, 0, length);
    at += length;
    return value;
  }

  private int length() {
    long length = readLong();
    if (length < 0 || length > end - at) {
      throw new IllegalStateException(
          "a length of " + length + " at position " + at + " with " + (end - at) + " bytes left");
    }
    return (int) length;
  }

  private void need(int count) {
    if (end - at < count) {
      throw new IllegalStateException("the bytes end at position " + end + ", " + count + " more");
    }
  }
}
