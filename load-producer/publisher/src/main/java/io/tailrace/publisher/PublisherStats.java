package io.tailrace.publisher;

import org.jspecify.annotations.Nullable;

/**
 * How publishing goes, counted in samples since the publisher started unless said otherwise.
 *
 * @param recorded kept by {@code record}
 * @param published put into numbered batches
 * @param acknowledged known to be in Kafka
 * @param dropped refused by {@code record} because the memory bound was reached, or after leaving
 * @param lost in batches that Kafka will never take; readers see their numbers missing
 * @param backlogSamples recorded but not yet acknowledged or lost
 * @param backlogBytes bytes of encoded batches that are not yet acknowledged
 * @param memoryBytes memory in use, to be held against {@code memoryBoundBytes}
 * @param memoryBoundBytes the bound
 * @param batches batches acknowledged
 * @param errors attempts to publish that failed
 * @param lastFailure the latest of these for people; null when there was none
 */
public record PublisherStats(
    long recorded,
    long published,
    long acknowledged,
    long dropped,
    long lost,
    long backlogSamples,
    long backlogBytes,
    long memoryBytes,
    long memoryBoundBytes,
    long batches,
    long errors,
    @Nullable String lastFailure) {}
