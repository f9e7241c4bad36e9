package io.tailrace.generator;

import io.tailrace.generator.engine.Progress;
import io.tailrace.publisher.PublisherStats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look at a run.
 *
 * @param phase what it is doing besides sending, such as waiting for other nodes; empty otherwise
 * @param publishing null when samples are not published
 */
public record LiveView(
    String name,
    String run,
    String node,
    String phase,
    Progress progress,
    List<String> bottlenecks,
    double cpuPercent,
    @Nullable PublisherStats publishing) {}
