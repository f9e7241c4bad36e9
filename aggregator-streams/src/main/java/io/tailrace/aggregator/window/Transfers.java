package io.tailrace.aggregator.window;

/**
 * Sums of what is known of requests beside their times, each with the number of requests that it is
 * known of: first byte, connect, bytes sent and received.
 */
final class Transfers {
  // Keeps sums of 10^9 requests inside a long.
  static final long MOST_BYTES = 1L << 33;

  /** How many numbers there are. */
  static final int SUMS = 8;

  // Fields and not four objects: they are always touched together, and so they are neighbours.
  private long firstByteSum;
  private long firstByteCount;
  private long connectSum;
  private long connectCount;
  private long sentSum;
  private long sentCount;
  private long receivedSum;
  private long receivedCount;

  /**
   * Adds sums that were made elsewhere over so many requests, in the order of the fields: each with
   * the number of those requests that it is not known of.
   */
  void add(long[] sums, int at, long requests) {
    firstByteSum += sums[at];
    firstByteCount += requests - sums[at + 1];
    connectSum += sums[at + 2];
    connectCount += requests - sums[at + 3];
    sentSum += sums[at + 4];
    sentCount += requests - sums[at + 5];
    receivedSum += sums[at + 6];
    receivedCount += requests - sums[at + 7];
  }

  void addAll(Transfers other) {
    firstByteSum += other.firstByteSum;
    firstByteCount += other.firstByteCount;
    connectSum += other.connectSum;
    connectCount += other.connectCount;
    sentSum += other.sentSum;
    sentCount += other.sentCount;
    receivedSum += other.receivedSum;
    receivedCount += other.receivedCount;
  }

  long firstByteSum() {
    return firstByteSum;
  }

  /** Of how many requests it is known when their first byte came. */
  long firstByteCount() {
    return firstByteCount;
  }

  /** NaN when it is not known of any request. */
  double firstByteMeanMicros() {
    return firstByteCount == 0 ? Double.NaN : (double) firstByteSum / firstByteCount;
  }

  /** NaN when it is not known of any request. */
  double connectMeanMicros() {
    return connectCount == 0 ? Double.NaN : (double) connectSum / connectCount;
  }

  boolean knowsBytesSent() {
    return sentCount > 0;
  }

  long bytesSent() {
    return sentSum;
  }

  boolean knowsBytesReceived() {
    return receivedCount > 0;
  }

  long bytesReceived() {
    return receivedSum;
  }

  void writeTo(ByteWriter state) {
    state.writeUnsigned(firstByteSum);
    state.writeUnsigned(firstByteCount);
    state.writeUnsigned(connectSum);
    state.writeUnsigned(connectCount);
    state.writeUnsigned(sentSum);
    state.writeUnsigned(sentCount);
    state.writeUnsigned(receivedSum);
    state.writeUnsigned(receivedCount);
  }

  void readFrom(ByteReader state) {
    firstByteSum = state.readUnsigned();
    firstByteCount = state.readUnsigned();
    connectSum = state.readUnsigned();
    connectCount = state.readUnsigned();
    sentSum = state.readUnsigned();
    sentCount = state.readUnsigned();
    receivedSum = state.readUnsigned();
    receivedCount = state.readUnsigned();
  }
}
