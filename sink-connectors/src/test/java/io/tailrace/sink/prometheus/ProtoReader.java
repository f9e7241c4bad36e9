package io.tailrace.sink.prometheus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads protobuf as its specification says it, knowing nothing of what wrote it. */
final class ProtoReader {
  /** A field: its number, and a Long, a Double or the bytes as they came. */
  record Field(int number, Object value) {
    long asLong() {
      return (Long) value;
    }

    long asSigned() {
      return unZigZag(asLong());
    }

    double asDouble() {
      return Double.longBitsToDouble(asLong());
    }

    String asText() {
      return new String((byte[]) value, StandardCharsets.UTF_8);
    }

    List<Field> asMessage() {
      return read((byte[]) value);
    }

    List<Long> asPackedSigned() {
      ByteBuffer bytes = ByteBuffer.wrap((byte[]) value);
      List<Long> values = new ArrayList<>();
      while (bytes.hasRemaining()) {
        values.add(unZigZag(varint(bytes)));
      }
      return values;
    }
  }

  private ProtoReader() {}

  static List<Field> read(byte[] message) {
    ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    while (bytes.hasRemaining()) {
      long tag = varint(bytes);
      Object value =
          switch ((int) (tag & 7)) {
            case 0 -> varint(bytes);
            case 1 -> bytes.getLong();
            case 2 -> {
              byte[] content = new byte[Math.toIntExact(varint(bytes))];
              bytes.get(content);
              yield content;
            }
            default -> throw new AssertionError("wire type " + (tag & 7));
          };
      fields.add(new Field((int) (tag >>> 3), value));
    }
    return fields;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes.get();
      value |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  private static long unZigZag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
