package io.tailrace.sink.core.runner;

/**
 * How a sink is doing, for health pages and metrics.
 *
 * @param state what it is doing
 * @param reason why it is not RUNNING, for people; empty otherwise
 * @param delivered items stored in the target
 * @param deadLettered records given up on
 * @param leftOut records of series that the sink's budget has no room for
 * @param retried attempts that will be made again
 * @param lag records of its topics not yet settled, as far as was read
 * @param breakerOpen whether the target is left alone for a while after too many failures
 */
public record SinkStatus(
    State state,
    String reason,
    long delivered,
    long deadLettered,
    long leftOut,
    long retried,
    long lag,
    boolean breakerOpen) {

  /** What a sink is doing. */
  public enum State {
    STARTING,
    RUNNING,
    /** The target is down or slow: nothing is lost, the lag grows. */
    RETRYING,
    /** A person has to mend something; nothing is lost, and it is tried every now and then. */
    MISCONFIGURED,
    STOPPED,
    /** It broke; it begins again by itself after a while. */
    FAILED
  }
}
