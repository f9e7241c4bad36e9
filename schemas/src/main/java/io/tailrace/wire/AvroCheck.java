package io.tailrace.wire;

import static io.tailrace.wire.WireFault.BAD_INDEX;
import static io.tailrace.wire.WireFault.TOO_DEEP;
import static io.tailrace.wire.WireFault.TOO_LONG;

import org.apache.avro.Schema;

/**
 * Walks an Avro value by its schema without building anything, so that Avro's own decoder, which
 * believes the lengths it reads, is only given bytes that are whole.
 */
final class AvroCheck {
  private final ByteCursor in;
  // Values of no bytes at all: the only way in which few bytes could stand for many values.
  private int weightless;

  private AvroCheck(ByteCursor in) {
    this.in = in;
  }

  /** Moves the cursor behind the value, or says what is wrong with it. */
  static void skip(Schema schema, ByteCursor in) {
    new AvroCheck(in).value(schema, schema.getName(), 0);
  }

  private void value(Schema schema, String what, int depth) {
    if (depth > WireLimits.MAX_DEPTH) {
      throw new WireException(TOO_DEEP, what + " is nested deeper than " + WireLimits.MAX_DEPTH);
    }
    int before = in.position;
    switch (schema.getType()) {
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          value(field.schema(), field.name(), depth + 1);
        }
      }
      case ARRAY -> entries(schema.getElementType(), false, what, depth);
      case MAP -> entries(schema.getValueType(), true, what, depth);
      case UNION -> {
        int branch = in.readIndex(what, schema.getTypes().size());
        value(schema.getTypes().get(branch), what, depth + 1);
      }
      case ENUM -> in.readIndex(what, schema.getEnumSymbols().size());
      case STRING -> in.skipString(what, WireLimits.MAX_BYTES);
      case BYTES -> in.skip(in.readLength(what, WireLimits.MAX_BYTES), what);
      case FIXED -> in.skip(schema.getFixedSize(), what);
      case INT -> in.readInt(what);
      case LONG -> in.readLong(what);
      case FLOAT -> in.skip(Float.BYTES, what);
      case DOUBLE -> in.skip(Double.BYTES, what);
      case BOOLEAN -> flag(what);
      case NULL -> {}
    }
    if (in.position == before && ++weightless > WireLimits.MAX_WEIGHTLESS) {
      throw new WireException(
          TOO_LONG, what + " has more than " + WireLimits.MAX_WEIGHTLESS + " values of no bytes");
    }
  }

  private void entries(Schema schema, boolean keyed, String what, int depth) {
    int total = 0;
    int count;
    while ((count = in.readBlock(what, WireLimits.MAX_ENTRIES - total, 0)) != 0) {
      total += count;
      for (int i = 0; i < count; i++) {
        if (keyed) {
          in.skipString(what, WireLimits.MAX_BYTES);
        }
        value(schema, what, depth + 1);
      }
    }
  }

  private void flag(String what) {
    int at = in.position;
    in.skip(1, what);
    if (in.bytes[at] != 0 && in.bytes[at] != 1) {
      throw new WireException(BAD_INDEX, what + " is " + in.bytes[at] + ", expected 0 or 1");
    }
  }
}
