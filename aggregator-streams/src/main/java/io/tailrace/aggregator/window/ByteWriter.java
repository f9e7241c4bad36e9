package io.tailrace.aggregator.window;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/** A growing byte array that is written in Avro's binary encoding; reused, not thread-safe. */
public final class ByteWriter {
  private byte[] bytes;
  private int size;

  public ByteWriter() {
    this(1024);
  }

  public ByteWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  public int size() {
    return size;
  }

  public void clear() {
    size = 0;
  }

  /** Forgets what was written after {@code size}. */
  public void truncate(int size) {
    this.size = Math.min(this.size, size);
  }

  /** What the bytes are kept in; valid up to {@link #size()} and until the next write. */
  public byte[] array() {
    return bytes;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** A copy of so many of the bytes from one on. */
  public byte[] copy(int from, int count) {
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  /** Forgets so many of the bytes that were written first. */
  public void removeFirst(int count) {
    System.arraycopy(bytes, count, bytes, 0, size - count);
    size -= count;
  }

  public void writeByte(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  public void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  /** A signed number as Avro writes int and long: zigzag, seven bits a byte. */
  public void writeLong(long value) {
    writeUnsigned((value << 1) ^ (value >> 63));
  }

  /** A number seven bits a byte, without the zigzag; negative ones take ten bytes. */
  public void writeUnsigned(long value) {
    ensure(10);
    size = putUnsigned(value, bytes, size);
  }

  /** As above, into an array with room for it; returns what comes behind. */
  static int putUnsigned(long value, byte[] into, int start) {
    int at = start;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      into[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[at++] = (byte) rest;
    return at;
  }

  /** What the bytes are kept in, with room for so many more behind {@link #size()}. */
  byte[] room(int more) {
    ensure(more);
    return bytes;
  }

  /** Says that the bytes before this one were written into the {@link #room}. */
  void advanceTo(int end) {
    size = end;
  }

  /** Many numbers, each as {@link #writeUnsigned} writes it when it is read as an unsigned int. */
  void writeUnsigned(int[] values, int count) {
    ensure(Math.multiplyExact(5, count));
    byte[] into = bytes;
    int at = size;
    for (int i = 0; i < count; i++) {
      at = putUnsigned(Integer.toUnsignedLong(values[i]), into, at);
    }
    size = at;
  }

  public void writeDouble(double value) {
    ensure(8);
    long bits = Double.doubleToLongBits(value);
    for (int i = 0; i < 8; i++) {
      bytes[size++] = (byte) (bits >>> (8 * i));
    }
  }

  public void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A map of names as Avro writes it, in the order in which it is iterated. */
  public <V> void writeMap(Map<String, V> map, Consumer<V> writeValue) {
    if (!map.isEmpty()) {
      writeLong(map.size());
      map.forEach(
          (key, value) -> {
            writeString(key);
            writeValue.accept(value);
          });
    }
    writeLong(0);
  }

  /** Bytes behind their length. */
  public void writeBytes(byte[] value) {
    writeLong(value.length);
    writeRaw(value, 0, value.length);
  }

  /** Bytes as they are. */
  public void writeRaw(byte[] value, int offset, int length) {
    ensure(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
