package io.tailrace.sink.core.provider;

import java.io.IOException;
import java.util.Optional;

/**
 * Does what has no undo once: a note of the intent is kept before, and one of the outcome after.
 * When a crash or a lost answer leaves the two apart, the target is asked before anything is done
 * again.
 */
public interface Once {

  /** Something to be done once, such as creating an issue. */
  interface Act {

    /** Does it; returns what to remember, such as the key. */
    String act() throws IOException, InterruptedException;

    /** Looks in the target whether an earlier attempt got through, and for what to remember. */
    Found lookUp() throws IOException, InterruptedException;
  }

  /** What the target knows of an earlier attempt. */
  sealed interface Found {
    /** It was done: this is what {@link Act#act} would have returned. */
    record Done(String outcome) implements Found {}

    /** It was not done. */
    record Absent() implements Found {}

    /**
     * The target cannot say. It is counted as ambiguous, and done again or taken as done.
     *
     * @param repeat whether doing it twice is better than not at all
     */
    record Unknown(boolean repeat) implements Found {}
  }

  /**
   * Does the act unless the key's outcome is known; returns the outcome, which is empty where the
   * act was taken as done without one. An IOException leaves the matter open: call again.
   *
   * @param key names the act for good, such as {@code issue/run-1/p95}
   */
  String perform(String key, Act act) throws IOException, InterruptedException;

  /** The outcome of an act, if it was done. */
  Optional<String> outcome(String key) throws IOException, InterruptedException;

  /** Replaces what is remembered of a finished act, such as the last state that a message shows. */
  void remember(String key, String outcome) throws IOException, InterruptedException;
}
