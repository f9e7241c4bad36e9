package io.tailrace.publisher;

/**
 * A numbered batch, kept until Kafka has acknowledged it so that it can be sent again as it is.
 *
 * @param value the record's value; nobody changes it
 */
@SuppressWarnings("ArrayRecordComponent")
record EncodedBatch(long sequence, int samples, byte[] value) {

  /** The objects around the value. */
  private static final int OVERHEAD_BYTES = 160;

  long heldBytes() {
    return value.length + (long) OVERHEAD_BYTES;
  }
}
