package io.tailrace.wire;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a batch being written. Looked up for every sample by whoever keeps no indexes of
 * their own, so it is a hash table of plain ints.
 */
final class OutcomeTable {
  private static final int FEW = 64;
  private static final int NONE = -1;
  // What an outcome takes beside its error: five numbers at their longest.
  private static final int ENTRY_BYTES = 40;

  private int[] series = new int[FEW];
  private int[] status = new int[FEW];
  private @Nullable String[] errors = new @Nullable String[FEW];
  private byte[][] errorNames = new byte[FEW][];
  private long[] sentBase = new long[FEW];
  private long[] receivedBase = new long[FEW];
  private boolean[] used = new boolean[FEW];
  private int[] slots = emptySlots(FEW);
  private int size;
  private int errorBytes;

  private static int[] emptySlots(int outcomes) {
    int[] slots = new int[outcomes * 4];
    Arrays.fill(slots, NONE);
    return slots;
  }

  void clear() {
    Arrays.fill(slots, NONE);
    Arrays.fill(errors, 0, size, null);
    size = 0;
    errorBytes = 0;
  }

  int encodedBytes() {
    return size * ENTRY_BYTES + errorBytes;
  }

  int index(int ofSeries, int withStatus, @Nullable String error) {
    int slot = slot(ofSeries, withStatus, error);
    while (slots[slot] != NONE) {
      int index = slots[slot];
      if (series[index] == ofSeries
          && status[index] == withStatus
          && Objects.equals(errors[index], error)) {
        return index;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return add(ofSeries, withStatus, error);
  }

  private int slot(int ofSeries, int withStatus, @Nullable String error) {
    int hash = (ofSeries * 31 + withStatus) * 31 + (error == null ? 0 : error.hashCode());
    hash *= 0x9e3779b9;
    return (hash ^ (hash >>> 16)) & (slots.length - 1);
  }

  private int add(int ofSeries, int withStatus, @Nullable String error) {
    if (size == WireLimits.MAX_OUTCOMES) {
      throw new IllegalStateException(
          "a batch holds at most " + WireLimits.MAX_OUTCOMES + " outcomes");
    }
    if (size == series.length) {
      grow();
    }
    int index = size++;
    series[index] = ofSeries;
    status[index] = withStatus;
    errors[index] = error;
    used[index] = false;
    errorNames[index] = error == null ? NO_ERROR : Names.cut(error);
    errorBytes += errorNames[index].length;
    sentBase[index] = 0;
    receivedBase[index] = 0;
    place(index);
    return index;
  }

  private static final byte[] NO_ERROR = {};

  private void place(int index) {
    int slot = slot(series[index], status[index], errors[index]);
    while (slots[slot] != NONE) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = index;
  }

  private void grow() {
    int more = series.length * 2;
    series = Arrays.copyOf(series, more);
    status = Arrays.copyOf(status, more);
    errors = Arrays.copyOf(errors, more);
    errorNames = Arrays.copyOf(errorNames, more);
    sentBase = Arrays.copyOf(sentBase, more);
    receivedBase = Arrays.copyOf(receivedBase, more);
    used = Arrays.copyOf(used, more);
    slots = emptySlots(more);
    for (int i = 0; i < size; i++) {
      place(i);
    }
  }

  /** Takes an outcome's first sample as what the others' bytes are counted from. */
  void seen(int index, long bytesSent, long bytesReceived) {
    Objects.checkIndex(index, size);
    if (!used[index]) {
      used[index] = true;
      sentBase[index] = bytesSent;
      receivedBase[index] = bytesReceived;
    }
  }

  long bytesSent(int index) {
    return sentBase[index];
  }

  long bytesReceived(int index) {
    return receivedBase[index];
  }

  void encode(AvroBuffer out) {
    if (size > 0) {
      out.putLong(size);
      for (int i = 0; i < size; i++) {
        out.putLong(series[i]);
        out.putLong(status[i]);
        if (errors[i] == null) {
          out.putLong(0);
        } else {
          out.putLong(1);
          out.putBytes(errorNames[i]);
        }
        out.putLong(sentBase[i]);
        out.putLong(receivedBase[i]);
      }
    }
    out.putLong(0);
  }
}
