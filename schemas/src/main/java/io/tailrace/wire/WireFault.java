package io.tailrace.wire;

import java.util.Locale;

/** What was wrong with bytes that could not be read. */
public enum WireFault {
  /** The first byte is not 0, so this is not the Confluent wire format. */
  WRONG_MAGIC,
  /** The registry knows no schema under the record's id. */
  UNKNOWN_SCHEMA,
  /** The id belongs to a schema of another subject. */
  OTHER_SUBJECT,
  /** The record's schema cannot be read as ours. */
  INCOMPATIBLE_SCHEMA,
  /** The bytes end before the value does. */
  TRUNCATED,
  /** There are bytes behind the value. */
  TRAILING_BYTES,
  /** A length or count is beyond what is accepted. */
  TOO_LONG,
  /** A length or count is negative. */
  NEGATIVE_LENGTH,
  /** A number has more bytes than its type can, or does not fit it. */
  OVERLONG_NUMBER,
  /** A string is not UTF-8. */
  INVALID_UTF8,
  /** Values are nested deeper than is accepted. */
  TOO_DEEP,
  /** An index points at nothing: a union's branch, an enum's symbol, or a dictionary entry. */
  BAD_INDEX,
  /** The columns of a batch differ in length. */
  UNEQUAL_COLUMNS,
  /** A histogram's frame has a version that is not known. */
  UNKNOWN_VERSION,
  /** A checksum does not match. */
  WRONG_CHECKSUM,
  /** A histogram cannot be decoded, or does not hold what its frame says. */
  BAD_HISTOGRAM;

  /** A short word to count by, such as {@code trailing-bytes}. */
  public String reason() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
