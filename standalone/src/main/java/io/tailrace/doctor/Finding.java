package io.tailrace.doctor;

/**
 * One thing that was looked at.
 *
 * @param subject what, in a word
 * @param text what was seen
 * @param cure what to do about it; empty when nothing has to be done
 */
public record Finding(State state, String subject, String text, String cure) {
  /** How it is with it; only what is wrong fails the examination. */
  public enum State {
    FINE,
    DOUBTFUL,
    WRONG
  }
}
