package io.tailrace.aggregator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

class AggregatorTopologyTest {
  private static TopologyDescription description() {
    return AggregatorTopology.of(
            new AggregatorParts(
                Topics.defaults(),
                32,
                RunRules.defaults(),
                new MemoryRegistry(),
                1,
                Map.of(),
                (topic, partition, from, to) -> false,
                new StatusBoard(),
                Counters.create(),
                List::of,
                () -> false,
                Faults.NONE))
        .describe();
  }

  @Test
  void allThatBelongsToARunIsInOneSubTopologyWithoutRepartitioning() {
    assertThat(description().subtopologies()).hasSize(1);
    assertThat(description().globalStores()).isEmpty();
    assertThat(description().toString()).doesNotContain("repartition");
  }

  /** A difference means that running applications cannot simply be upgraded. */
  @Test
  void nodesStoresAndTopicsHaveTheNamesThatRunningApplicationsKnow() throws IOException {
    try (InputStream golden =
        Objects.requireNonNull(getClass().getResourceAsStream("topology.txt"))) {
      assertThat(description().toString().strip())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
  }
}
