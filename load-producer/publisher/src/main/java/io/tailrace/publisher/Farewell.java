package io.tailrace.publisher;

import io.tailrace.record.LeaveReason;

/** Why a node leaves, and until when it may wait for Kafka. */
record Farewell(LeaveReason reason, String message, long deadlineNanos) {

  Farewell overdue() {
    return new Farewell(reason, message, System.nanoTime());
  }

  boolean isOverdue() {
    return System.nanoTime() - deadlineNanos >= 0;
  }
}
