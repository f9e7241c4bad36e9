package io.tailrace.aggregator.window;

/** A sum over the requests that know a value, and how many do. */
final class Tally {
  long sum;
  long count;

  void add(long value) {
    sum += value;
    count++;
  }

  void addAll(Tally other) {
    sum += other.sum;
    count += other.count;
  }

  void writeTo(ByteWriter state) {
    state.writeUnsigned(count);
    if (count > 0) {
      state.writeUnsigned(sum);
    }
  }

  void readFrom(ByteReader state) {
    count = state.readUnsigned();
    sum = count > 0 ? state.readUnsigned() : 0;
  }
}
