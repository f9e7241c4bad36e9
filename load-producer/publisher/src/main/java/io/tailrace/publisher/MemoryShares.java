package io.tailrace.publisher;

/** How the memory bound is divided: the producer's buffer, the encoder's, and the samples. */
record MemoryShares(long producerBytes, long encoderBytes, long sampleBytes) {

  static final long LEAST_BYTES = 1 << 20;

  private static final long MOST_PRODUCER_BYTES = 8 << 20;
  private static final int MOST_PRODUCER_BATCH_BYTES = 256 << 10;

  /** The load that must fit while the flusher looks away. */
  private static final long MOST_SAMPLES_PER_SECOND = 5_000_000;

  private static final long LONGEST_ABSENCE_NANOS = 20_000_000;

  static MemoryShares of(long boundBytes, int batchBytes) {
    long producer = Math.min(MOST_PRODUCER_BYTES, boundBytes / 4);
    // Columns, the batch made of them, and the one that found the bound reached.
    long encoder = 3L * batchBytes;
    return new MemoryShares(producer, encoder, boundBytes - producer - encoder);
  }

  /** The bytes in use when the samples' budget stands at this; the bound when it is spent. */
  long inUse(long sampleBytesUsed) {
    // The batch that found the bound reached is beyond the samples' share and inside the encoder's.
    long beyond = Math.max(0, sampleBytesUsed - sampleBytes);
    return producerBytes + encoderBytes + sampleBytesUsed - Math.min(beyond, encoderBytes / 3);
  }

  /** For how long the flusher may look away; half of the samples' share is enough for meanwhile. */
  long longestAbsenceNanos() {
    long samples = sampleBytes / 2 / (Chunk.BYTES / Chunk.SAMPLES);
    return Math.min(LONGEST_ABSENCE_NANOS, samples * 1_000_000_000 / MOST_SAMPLES_PER_SECOND);
  }

  /** What Kafka's producer may gather into one request while it waits for its turn. */
  int producerBatchBytes() {
    return (int) Math.min(MOST_PRODUCER_BATCH_BYTES, producerBytes / 8);
  }

  /** So much is given to the producer at a time that it never has to wait for its own memory. */
  long windowBytes() {
    return producerBytes / 2;
  }
}
