package io.tailrace.aggregator.window;

/**
 * What is the same for all series of a window when it is published.
 *
 * @param coveredMicros the part of the window that the run covers
 */
public record WindowFacts(
    long startMicros,
    long widthMicros,
    boolean total,
    boolean supplement,
    int nodesReported,
    int nodesExpected,
    boolean complete,
    long coveredMicros) {}
