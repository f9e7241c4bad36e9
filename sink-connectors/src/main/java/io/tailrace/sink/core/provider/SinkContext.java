package io.tailrace.sink.core.provider;

import io.tailrace.service.Pages;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.http.Http;
import java.time.Clock;

/**
 * What the core gives a sink.
 *
 * @param name what it is called in the configuration
 * @param http its own client, closed by the core after the sink
 * @param shape which metrics to send, and under which names: what encoders ask for metrics
 * @param metrics counters and gauges of its own, for /metrics
 * @param pages paths of the service's port, for sinks that are read rather than written to
 * @param once memory of what must not be done twice
 * @param clock the time of day, for what Retry-After dates and target's timestamps need
 */
public record SinkContext(
    String name,
    Http http,
    MetricShape shape,
    SinkMetrics metrics,
    Pages pages,
    Once once,
    Clock clock) {}
