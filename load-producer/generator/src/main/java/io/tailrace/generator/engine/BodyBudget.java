package io.tailrace.generator.engine;

/**
 * The bytes that one event loop holds of bodies it has to read as a whole. A bound for each body is
 * not enough: a target that answers every connection without end would fill the heap with as many
 * of them as there are connections. Not thread-safe.
 */
final class BodyBudget {

  /** A buffer that grows is copied, and what is judged is copied once more. */
  private static final int SHARE_OF_HEAP = 8;

  private final long most;
  private long held;

  BodyBudget(long most) {
    this.most = most;
  }

  static BodyBudget ofHeap(int loops) {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / loops);
  }

  /** Whether so many bytes more may be held. */
  boolean take(int bytes) {
    if (held + bytes > most) {
      return false;
    }
    held += bytes;
    return true;
  }

  void give(long bytes) {
    held -= bytes;
  }
}
