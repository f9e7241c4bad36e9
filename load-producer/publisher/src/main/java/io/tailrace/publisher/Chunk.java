package io.tailrace.publisher;

import org.jspecify.annotations.Nullable;

/**
 * A piece of one thread's samples: rows of eight longs, so that recording one touches a single
 * cache line.
 */
final class Chunk {

  static final int FIELDS = 8;

  /** Small, because every recording thread holds on to one. */
  static final int SAMPLES = 128;

  static final int LENGTH = SAMPLES * FIELDS;

  /** The array with its header, and this object. */
  static final int BYTES = LENGTH * Long.BYTES + 40;

  static final int OUTCOME = 0;
  static final int END = 1;
  static final int LATENCY = 2;
  static final int DELAY = 3;
  static final int FIRST_BYTE = 4;
  static final int CONNECT = 5;
  static final int SENT = 6;
  static final int RECEIVED = 7;

  final long[] values;

  /** Written by the recording thread before it releases the first sample of that next chunk. */
  @Nullable Chunk next;

  Chunk() {
    this.values = new long[LENGTH];
  }

  private Chunk(long[] values) {
    this.values = values;
  }

  /**
   * What a lane starts with: a full chunk without room, so that the first sample takes a real one.
   */
  static Chunk none() {
    return new Chunk(new long[0]);
  }

  boolean isNone() {
    return values.length == 0;
  }
}
