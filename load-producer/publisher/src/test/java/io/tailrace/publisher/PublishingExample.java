package io.tailrace.publisher;

import io.tailrace.record.LeaveReason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The example of {@code docs/publishing.md}: compiled, run by a test, and quoted there. */
final class PublishingExample {

  private PublishingExample() {}

  static CloseReport run(Map<String, ?> kafkaProperties, String run) {
    // example
    AtomicInteger activeUsers = new AtomicInteger(1);

    SamplePublisher publisher =
        SamplePublisher.builder()
            .kafka(kafkaProperties) // bootstrap.servers, schema.registry.url, security
            .run(run)
            .node("generator-1")
            .start(); // fails here, before any load, when Kafka or the registry is not there
    publisher.health(activeUsers::get);

    SeriesHandle orders = publisher.series("POST /orders", "POST", "checkout", Map.of());
    for (int i = 0; i < 100; i++) {
      long dueMicros = publisher.nowMicros();
      long sentMicros = publisher.nowMicros();
      // ... send the request and wait for the answer ...
      long endMicros = publisher.nowMicros();
      Outcome created = publisher.outcome(orders, 201, null);
      publisher.record(
          created,
          endMicros,
          endMicros - sentMicros, // latency
          sentMicros - dueMicros, // delay: what the request was sent late
          -1, // time to the first byte: not known
          -1, // time to connect: not known
          512, // bytes sent
          48); // bytes received
    }

    CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(30));
    if (!report.complete()) {
      System.err.println("not everything was published: " + report);
    }
    // end
    return report;
  }
}
