package io.tailrace.sink.core.provider;

/**
 * What is known of an act.
 *
 * @param done false while only the intent is known
 * @param outcome what to remember of it; empty until it is done
 */
public record OnceNote(boolean done, String outcome) {
  static final OnceNote INTENT = new OnceNote(false, "");

  static OnceNote done(String outcome) {
    return new OnceNote(true, outcome);
  }
}
