package io.tailrace.aggregator.sla;

import java.util.Map;

/**
 * What violations say of their run.
 *
 * @param live whether there is a fleet that can be stopped
 */
public record RunIdentity(
    String run,
    String testName,
    String environment,
    String version,
    Map<String, String> tags,
    boolean live) {}
