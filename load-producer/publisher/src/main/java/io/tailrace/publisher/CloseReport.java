package io.tailrace.publisher;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of a node's samples when it left.
 *
 * @param recorded samples kept by {@code record}
 * @param acknowledged samples known to be in Kafka
 * @param dropped samples refused because the memory bound was reached
 * @param unacknowledged samples whose fate is not known: the deadline came before Kafka's answer
 * @param lost samples in batches that Kafka will never take
 * @param farewell whether the node's last batch, which says why it left, is in Kafka
 * @param took from being asked to leave to the end
 * @param lastFailure the latest failure to publish; null when there was none
 */
public record CloseReport(
    long recorded,
    long acknowledged,
    long dropped,
    long unacknowledged,
    long lost,
    boolean farewell,
    Duration took,
    @Nullable String lastFailure) {

  /** Every sample there ever was is in Kafka, and so is the farewell. */
  public boolean complete() {
    return farewell && dropped == 0 && unacknowledged == 0 && lost == 0;
  }
}
