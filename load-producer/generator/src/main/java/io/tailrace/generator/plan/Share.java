package io.tailrace.generator.plan;

/** One part of several that together are the whole: a node of a fleet, an event loop of a node. */
public record Share(int index, int of) {

  public static final Share WHOLE = new Share(0, 1);

  public Share {
    if (of < 1 || index < 0 || index >= of) {
      throw new IllegalArgumentException(
          "share " + (index + 1) + "/" + of + ": expected i/n with i from 1 to n");
    }
  }

  /** Reads {@code 2/8}: the second of eight. */
  public static Share parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        int index = Integer.parseInt(text.substring(0, slash).strip());
        return new Share(index - 1, Integer.parseInt(text.substring(slash + 1).strip()));
      }
    } catch (NumberFormatException e) {
      // Said below, together with what is expected.
    }
    throw new IllegalArgumentException("\"" + text + "\": expected i/n with i from 1 to n");
  }

  /** How many of so many things are this share's, when they are dealt out in turn. */
  public long ofTotal(long total) {
    return total / of + (index < total % of ? 1 : 0);
  }

  /** The part of this share that one of its own parts has. */
  public Share part(Share inner) {
    return new Share(index + of * inner.index, of * inner.of);
  }

  @Override
  public String toString() {
    return (index + 1) + "/" + of;
  }
}
