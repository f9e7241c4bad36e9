package io.tailrace.aggregator.window;

import org.jspecify.annotations.Nullable;

/**
 * The requests of one status of one series in one window.
 *
 * <p>Most requests are sent the moment they are due, so that their response time is their service
 * time: those are recorded once, and only delayed ones have counts for each of the two.
 */
final class StatusCell {
  final int status;
  long errors;

  private final PagePool pool;
  private final ValueCounts prompt;
  private @Nullable ValueCounts delayedResponses;
  private @Nullable ValueCounts delayedServices;

  StatusCell(int status, PagePool pool) {
    this.status = status;
    this.pool = pool;
    prompt = new ValueCounts(pool);
  }

  /** Takes the times of the requests that are sent late, from when they were due. */
  ValueCounts delayedResponses() {
    ValueCounts known = delayedResponses;
    if (known == null) {
      delayedResponses = known = new ValueCounts(pool);
    }
    return known;
  }

  /** Takes the times of the requests that are sent late, from when they were sent. */
  ValueCounts delayedServices() {
    ValueCounts known = delayedServices;
    if (known == null) {
      delayedServices = known = new ValueCounts(pool);
    }
    return known;
  }

  boolean hasDelayed() {
    return delayedResponses != null;
  }

  long requests() {
    return prompt.count() + (delayedResponses == null ? 0 : delayedResponses.count());
  }

  /** Takes the times of the requests that are sent when they are due. */
  ValueCounts prompt() {
    return prompt;
  }

  /** The times of late requests from when they were due; null when none was late. */
  @Nullable ValueCounts delayedResponsesOrNull() {
    return delayedResponses;
  }

  /** The same from when they were sent. */
  @Nullable ValueCounts delayedServicesOrNull() {
    return delayedServices;
  }

  void addAll(StatusCell other) {
    errors += other.errors;
    prompt.addAll(other.prompt);
    if (other.delayedResponses != null && other.delayedServices != null) {
      delayedResponses().addAll(other.delayedResponses);
      delayedServices().addAll(other.delayedServices);
    }
  }

  long retainedBytes() {
    long delayed =
        delayedResponses == null || delayedServices == null
            ? 0
            : delayedResponses.retainedBytes() + delayedServices.retainedBytes();
    return 48 + prompt.retainedBytes() + delayed;
  }

  /** Gives the pages back. */
  void recycle() {
    prompt.reset();
    if (delayedResponses != null && delayedServices != null) {
      delayedResponses.reset();
      delayedServices.reset();
    }
  }

  /** Writes all but the status. */
  void writeTo(ByteWriter state) {
    state.writeUnsigned(errors);
    prompt.writeTo(state);
    state.writeBoolean(hasDelayed());
    if (delayedResponses != null && delayedServices != null) {
      delayedResponses.writeTo(state);
      delayedServices.writeTo(state);
    }
  }

  void readFrom(ByteReader state) {
    errors = state.readUnsigned();
    prompt.readFrom(state);
    if (state.readBoolean()) {
      delayedResponses().readFrom(state);
      delayedServices().readFrom(state);
    }
  }
}
