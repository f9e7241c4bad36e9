package io.tailrace.publisher;

import io.tailrace.record.RunDescription;
import java.time.Duration;

/** What a publisher is started with, checked. */
record PublisherSettings(
    NodeIdentity identity,
    RunDescription description,
    MemoryShares shares,
    int batchBytes,
    Duration flushInterval) {}
