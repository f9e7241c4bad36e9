package io.tailrace.generator;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;

/** Plans for tests. */
final class Plans {

  private Plans() {}

  static Plan of(String yaml) {
    return PlanReader.read(SettingsSource.ofYaml(yaml));
  }

  static Plan rate(String target, double rate, String duration) {
    return of(
        """
        name: test
        target: "%s"
        load: {rate: %s, duration: %s}
        http: {timeout: 10s, connections: 256}
        """
            .formatted(target, rate, duration));
  }
}
