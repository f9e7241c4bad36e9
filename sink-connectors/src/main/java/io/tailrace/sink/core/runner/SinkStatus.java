package io.tailrace.sink.core.runner;

/**
 * How a sink is doing, for health pages and metrics.
 *
 * @param state what it is doing
 * @param reason why it is not RUNNING, for people; empty otherwise
 * @param delivered items stored in the target
 * @param deadLettered records given up on
 * @param retried attempts that will be made again
 * @param lag records of its topics not yet settled, as far as was read
 * @param breakerOpen whether the target is left alone for a while after too many failures
 */
public record SinkStatus(
    State state,
    String reason,
    long delivered,
    long deadLettered,
    long retried,
    long lag,
    boolean breakerOpen) {

  /** What a sink is doing. */
  public enum State {
    STARTING,
    RUNNING,
    /** The target is down or slow: nothing is lost, the lag grows. */
    RETRYING,
    /** A person has to mend something; tried again every now and then. */
    MISCONFIGURED,
    STOPPED,
    FAILED
  }
}
