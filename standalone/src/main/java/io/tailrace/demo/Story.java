package io.tailrace.demo;

import io.tailrace.generator.target.Behaviour;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What the demonstration shows: a shop under steady load that is slow for a while, or stays well.
 *
 * @param rate requests a second of all nodes together
 */
public record Story(Duration duration, double rate, int nodes, boolean healthy) {
  private static final double TROUBLE_STARTS = 0.4;
  private static final Duration LONGEST_TROUBLE = Duration.ofSeconds(10);

  /** How the shop answers when it is well. */
  static Behaviour well() {
    return Behaviour.PROMPT.with(Map.of("latency", "lognormal(20ms,80ms)").entrySet());
  }

  /** The plan, as a person would write it. */
  String plan(String target) {
    return String.format(
        Locale.ROOT,
        """
        name: demo shop
        environment: demo
        target: %s
        load:
          rate: %s
          duration: %dms
          arrivals: poisson
        scenarios:
          - name: browse
            weight: 6
            steps:
              - get: /products
          - name: look
            weight: 3
            steps:
              - get: /products/{{random(1,500)}}
                name: GET /products/{id}
          - name: buy
            weight: 1
            steps:
              - post: /checkout
                json: {product: "{{random(1,500)}}", quantity: 1}
        sla:
          - name: the shop is quick
            objective: p95 < 350ms
            over: 1s
            for: 3s
            recover: 3s
            ignore: first 8s
          - name: errors are rare
            objective: error_rate < 20%%
        """,
        target,
        rate,
        duration.toMillis());
  }

  Duration troubleStarts() {
    return Duration.ofMillis((long) (duration.toMillis() * TROUBLE_STARTS));
  }

  /** A quarter of the run, ten seconds at most. */
  Duration troubleLasts() {
    Duration quarter = duration.dividedBy(4);
    return quarter.compareTo(LONGEST_TROUBLE) < 0 ? quarter : LONGEST_TROUBLE;
  }

  /** What the shop is told before the load starts. */
  String trouble() {
    return String.format(
        Locale.ROOT,
        "after=%dms&for=%dms&latency=lognormal(400ms,900ms)&errors=5&error-status=503",
        troubleStarts().toMillis(),
        troubleLasts().toMillis());
  }
}
