package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The keys of a run's state: its id, what it is, its number, and which chunk of it. */
final class StateKey {
  static final byte HEADER = 'H';
  static final byte DESCRIPTION = 'D';
  static final byte LIVES = 'N';
  static final byte SERIES = 'S';
  static final byte OPEN = 'O';
  static final byte LATE = 'L';
  static final byte CLOSED = 'C';
  static final byte SUMMED = 'A';
  static final byte TOTAL = 'T';
  static final byte OBJECTIVES = 'J';

  private final byte[] run;

  StateKey(String run) {
    byte[] id = run.getBytes(StandardCharsets.UTF_8);
    ByteWriter key = new ByteWriter(id.length + 4);
    key.writeByte('R');
    key.writeBytes(id);
    this.run = key.toByteArray();
  }

  /** What all keys of the run start with. */
  byte[] run() {
    return run;
  }

  /** What all keys of one kind start with. */
  byte[] kind(byte kind) {
    return ByteBuffer.allocate(run.length + 1).put(run).put(kind).array();
  }

  byte[] of(byte kind) {
    return of(kind, 0, 0);
  }

  byte[] of(byte kind, int tier, long number) {
    return ByteBuffer.allocate(run.length + 10)
        .put(run)
        .put(kind)
        .put((byte) tier)
        .putLong(number ^ Long.MIN_VALUE)
        .array();
  }

  /** The tier in a key of this run. */
  int tier(byte[] key) {
    return key[run.length + 1];
  }

  /** The number in a key of this run. */
  long number(byte[] key) {
    return ByteBuffer.wrap(key, run.length + 2, Long.BYTES).getLong() ^ Long.MIN_VALUE;
  }
}
