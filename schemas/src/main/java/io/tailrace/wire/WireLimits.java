package io.tailrace.wire;

/** The most that is accepted of anything whose length the sender decides. */
public final class WireLimits {
  /** Samples in one batch: a flush of 256 KiB holds about 20,000. */
  public static final int MAX_SAMPLES = 1 << 18;

  /** Series in the dictionary of one batch. */
  public static final int MAX_SERIES = 1 << 16;

  /** Outcomes in the dictionary of one batch. */
  public static final int MAX_OUTCOMES = 1 << 16;

  /** Bytes of a name: run, node, series, tag, kind of error. */
  public static final int MAX_NAME_BYTES = 4096;

  /** Tags of one series. */
  public static final int MAX_TAGS = 64;

  /** Bytes of any other string or byte string. */
  static final int MAX_BYTES = 64 << 20;

  /** Entries of any other array or map. */
  static final int MAX_ENTRIES = 1 << 20;

  /** Values that take no bytes at all, within one value. */
  static final int MAX_WEIGHTLESS = 1024;

  /** Values within values. */
  static final int MAX_DEPTH = 64;

  private WireLimits() {}
}
