package io.tailrace.wire;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Strings of names seen before, found by their bytes, so that no batch makes its names anew. */
final class NameCache {
  private static final int MOST = 8192;
  private static final int LONGEST_KEPT = 256;

  private final ByteCursor in;
  private final Map<Slice, String> names = new HashMap<>();
  private final Slice sought = new Slice();

  NameCache(ByteCursor in) {
    this.in = in;
  }

  /** The cursor's next string. */
  String read(String what) {
    int length = in.readLength(what, WireLimits.MAX_NAME_BYTES);
    String name = at(in.position, length, what);
    in.position += length;
    return name;
  }

  String at(int offset, int length, String what) {
    if (length > LONGEST_KEPT) {
      return in.decode(offset, length, what);
    }
    String known = names.get(sought.over(in.bytes, offset, length));
    if (known != null) {
      return known;
    }
    String name = in.decode(offset, length, what);
    if (names.size() == MOST) {
      names.clear();
    }
    names.put(
        new Slice().over(Arrays.copyOfRange(in.bytes, offset, offset + length), 0, length), name);
    return name;
  }

  private static final class Slice {
    private byte[] bytes = {};
    private int offset;
    private int length;
    private int hash;

    Slice over(byte[] given, int from, int count) {
      bytes = given;
      offset = from;
      length = count;
      int h = 1;
      for (int i = from; i < from + count; i++) {
        h = 31 * h + given[i];
      }
      hash = h;
      return this;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Slice that
          && Arrays.equals(
              bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
    }
  }
}
