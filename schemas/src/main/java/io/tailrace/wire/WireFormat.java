package io.tailrace.wire;

import static io.tailrace.wire.WireFault.TRUNCATED;
import static io.tailrace.wire.WireFault.WRONG_MAGIC;

import java.nio.ByteBuffer;

/** The Confluent wire format: a zero byte, the schema's id in four bytes, and the Avro body. */
final class WireFormat {
  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 1 + Integer.BYTES;

  private WireFormat() {}

  static int schemaId(byte[] value) {
    if (value.length > 0 && value[0] != MAGIC) {
      throw new WireException(WRONG_MAGIC, "the first byte is " + value[0] + ", expected 0");
    }
    if (value.length < HEADER_BYTES) {
      throw new WireException(
          TRUNCATED, value.length + " bytes, expected at least " + HEADER_BYTES);
    }
    return ByteBuffer.wrap(value).getInt(1);
  }

  static void putHeader(byte[] value, int schemaId) {
    value[0] = MAGIC;
    ByteBuffer.wrap(value).putInt(1, schemaId);
  }
}
